import { type Entry, readLogs } from './history'
import type { Finding } from './judge'

const BEFORE_US = 500_000
const AFTER_US = 20_000

/** What happened to a prompt shortly before and during a finding, in the order of time, in milliseconds from its beginning. */
export async function excerptAround({ prompt, began, ended }: Finding, files: readonly string[]): Promise<string[]> {
  const events: { at: number; says: string }[] = []
  for await (const entry of readLogs(files))
    if (!('prompt' in entry) || entry.prompt === prompt)
      events.push(...eventsOf(entry).filter(({ at }) => at >= began - BEFORE_US && at <= ended + AFTER_US))
  return events
    .sort((a, b) => a.at - b.at)
    .map(({ at, says }) => `${((at - began) / 1_000).toFixed(3).padStart(10)} ms  ${says}`)
}

function eventsOf(entry: Entry): { at: number; says: string }[] {
  switch (entry.type) {
    case 'invoke':
      return [{ at: entry.at, says: `${entry.op} asks to ${entry.verb}` }]
    case 'ok': {
      const later = entry.applied ? '' : ', to be applied later'
      return [{ at: entry.at, says: `${entry.op} is told: revision ${entry.revision}${later}` }]
    }
    case 'fail':
    case 'info':
      return [
        { at: entry.at, says: `${entry.op} ${entry.type === 'fail' ? 'is refused' : 'has no reply'}: ${entry.error}` },
      ]
    case 'settled':
      return [{ at: entry.at, says: `everything is applied: revision ${entry.revision}` }]
    case 'fault':
      return [{ at: entry.at, says: entry.says }]
    case 'read': {
      const read = `${entry.by} read, ${((entry.ended - entry.began) / 1_000).toFixed(3)} ms`
      return [{ at: entry.began, says: `${read}: revision ${entry.revision} from ${entry.source}` }]
    }
    case 'failed-read':
      return [{ at: entry.began, says: `${entry.by} read in vain: ${entry.error}` }]
    case 'commit':
    case 'sources':
      return []
  }
}
