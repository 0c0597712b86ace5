import { createWriteStream } from 'node:fs'
import type { Output as ChildOutput } from '@/scripts/processes'
import type { CheckedEngines } from './engines'
import { type Member, startMember } from './member'

type Members = {
  gateways: number
  workers: number
  /** Milliseconds that a statement takes longer than it would. */
  databaseDelayMs?: number
}

export type Output = ChildOutput & { close: () => void }

/** A file for what the processes of a run say. */
export function outputFile(directory: string): Output {
  const file = createWriteStream(`${directory}/processes.log`)
  return { stdout: file, stderr: file, close: () => void file.end() }
}

/**
 * The gateways and workers. The first gateway is close to Postgres, the others wait for it as the readers do: a fill that
 * travels slowly meets an activation that is quick.
 */
export async function startMembers(
  { gateways, workers, databaseDelayMs = 0 }: Members,
  engines: CheckedEngines,
  output: Output,
): Promise<Member[]> {
  const starting = [
    ...Array.from({ length: gateways }, (_, index) => {
      const delay = index === 0 ? 0 : databaseDelayMs
      return startMember({ role: 'gateway', name: `gateway-${index + 1}`, engines, databaseDelayMs: delay, output })
    }),
    ...Array.from({ length: workers }, (_, index) =>
      startMember({ role: 'worker', name: `worker-${index + 1}`, engines, databaseDelayMs, output }),
    ),
  ]
  const started = await Promise.allSettled(starting)
  const members = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = started.find((one) => one.status === 'rejected')
  if (!failed) return members
  await Promise.all(members.map((member) => member.stop()))
  throw failed.reason
}
