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
    const installed = (await apt(INSTALL)) || ((await updateLists()) && (await apt(INSTALL)))
    if (!installed) throw new Error(`apt-get could not install Redis; what it said is above. Try: ${command()}`)
  })
  const server = findRedis()
  if (!server) throw new Error('redis-server was installed, but is not on the PATH.')
  return server
}

/** Another apt may hold the lock on the lists; unlike dpkg's, apt has no option to wait for that one. */
async function updateLists(): Promise<boolean> {
  for (let attempt = 1; attempt <= 12; attempt++) {
    if (await apt(['update'])) return true
    await sleep(10_000)
  }
  return false
}

function apt(args: string[]): Promise<boolean> {
  const child = spawn('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code === 0))
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
  if (existsSync('/run/systemd/system')) spawnSync('systemctl', ['disable', '--now', 'redis-server'])
}

function command(): string {
  if (process.platform === 'darwin') return 'brew install redis'
  if (onPath('dnf')) return 'sudo dnf install -y redis || sudo dnf install -y valkey'
  return 'sudo apt-get update && sudo apt-get install -y redis-server'
}

function onPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => dir !== '' && existsSync(join(dir, name)))
}
