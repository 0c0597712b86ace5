import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A little more than a stopping engine is given before it is killed. */
const PATIENCE_MS = 12_000

/**
 * Waits until no engine owns the data any more: one whose parent was just killed may still be writing its last bytes.
 * Neither PGlite nor Redis guards its directory itself, and two on one directory destroy it.
 */
export async function waitForOwner(pidFile: string, commandOfOwner: string, patienceMs = PATIENCE_MS): Promise<void> {
  for (const deadline = Date.now() + patienceMs; existsSync(pidFile); await sleep(50)) {
    const pid = Number(readFileSync(pidFile, 'utf8'))
    // The pid may belong to something else by now: after a reboot, or in a container where pids start over.
    if (!commandLine(pid).includes(commandOfOwner)) break
    if (Date.now() > deadline) throw new Error(`Process ${pid} is still using this data (${pidFile}); stop it first.`)
  }
  disown(pidFile)
}

export const disown = (pidFile: string) => rmSync(pidFile, { force: true })

export function ownAs(pid: number, pidFile: string) {
  mkdirSync(dirname(pidFile), { recursive: true })
  writeFileSync(pidFile, String(pid))
}

/** Empty for a process that does not exist, or has ended and waits for its parent to notice. */
function commandLine(pid: number): string {
  if (!Number.isInteger(pid) || pid <= 0) return ''
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
