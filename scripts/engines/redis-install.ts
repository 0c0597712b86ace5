import { spawn, spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { findRedis } from './redis'

const INSTALL = ['install', '-y', '--no-install-recommends', 'redis-server']
const POLICY = '/usr/sbin/policy-rc.d'

/**
 * Installs Debian's redis-server where this process may: as root, on a system with apt. Anywhere else it throws an
 * error with the one command to run. `say` hears what is about to happen. Resolves to the server's path.
 */
export async function installRedis(say: (line: string) => void = console.log): Promise<string> {
  if (!onPath('apt-get') || process.getuid?.() !== 0) throw new Error(`No Redis on this machine. Run: ${command()}`)
  say("No Redis on this machine: installing Debian's package redis-server, without its system service")
  await withoutService(async () => {
    // The package lists of a fresh container are empty; those of an old machine name versions that are gone.
    let failure = await apt(INSTALL)
    if (failure !== null) failure = (await updateLists()) ?? (await apt(INSTALL))
    if (failure !== null) throw new Error(`apt-get could not install Redis:\n${failure}\nTry: ${command()}`)
  })
  const server = findRedis()
  if (!server) throw new Error('redis-server was installed, but is not on the PATH.')
  return server
}

/** Another apt may hold the lock on the lists; unlike for dpkg's, apt has no option to wait for that one. */
async function updateLists(): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    const failure = await apt(['update'])
    if (failure === null || attempt === 12) return failure
    await sleep(10_000)
  }
}

/** Null when it went well, else what apt-get said. */
function apt(args: string[]): Promise<string | null> {
  const child = spawn('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0 ? null : said.trim() || `it ended with code ${code}`))
  })
}

/** Debian starts what it installs, unless policy-rc.d forbids it (101); and again at the next boot, unless disabled. */
async function withoutService(install: () => Promise<void>) {
  const ours = !existsSync(POLICY)
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await install()
  } finally {
    if (ours) rmSync(POLICY)
  }
  spawnSync('update-rc.d', ['redis-server', 'disable'])
}

function command(): string {
  if (process.platform === 'darwin') return 'brew install redis'
  if (onPath('dnf')) return 'sudo dnf install -y redis || sudo dnf install -y valkey'
  return 'sudo apt-get update && sudo apt-get install -y redis-server'
}

function onPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => dir !== '' && existsSync(join(dir, name)))
}
