import { exec } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Member } from './member'
import type { Postmaster } from './options'

const run = promisify(exec)

/** kill -9, and up again; where it is the postmaster, after it was gone for a while. */
export async function crash(victim: Member | Postmaster, downMs = 0): Promise<void> {
  if ('role' in victim) {
    await victim.kill()
    await victim.start()
  } else {
    await run(victim.kill)
    await sleep(downMs)
    await run(victim.start)
  }
}
