import { createReadStream, createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

/** How a read reached the prompt. Of these, gateways and SDKs keep copies of their own. */
export type Path = 'shared' | 'gateway' | 'sdk'

/** Times are microseconds of CLOCK_MONOTONIC, which every process of a host shares. */
export const now = () => Number(process.hrtime.bigint() / 1_000n)

export type Verb = 'activate' | 'rollback' | 'rollout'

/** A move of a prompt's pointer is asked for. `op` is its name, and the reason that the history then holds. */
export type Invoke = {
  type: 'invoke'
  op: string
  prompt: string
  verb: Verb
  by: string
  at: number
}

/** What came of it. `info`: no reply, so that it may or may not have happened. */
export type Outcome =
  | { type: 'ok'; op: string; prompt: string; at: number; revision: number; version: number; applied: boolean }
  | { type: 'fail' | 'info'; op: string; prompt: string; at: number; error: string }

/** From `at` on all caches were told of the revision, whether or not anybody got a reply about it. */
export type Settled = { type: 'settled'; prompt: string; at: number; revision: number }
export type Write = Invoke | Outcome | Settled

/** A row of the history in Postgres. */
export type Commit = { type: 'commit'; prompt: string; revision: number; version: number; op: string | null }

export type Read = {
  type: 'read'
  path: Path
  by: string
  source: string
  prompt: string
  began: number
  ended: number
  revision: number
  version: number
  /** Whether the content is that of the version. */
  intact: boolean
  /** The reader was told that this may be old, as an SDK does when it reaches nobody. */
  declaredStale: boolean
}
export type FailedRead = {
  type: 'failed-read'
  path: Path
  by: string
  prompt: string
  began: number
  ended: number
  error: string
}
export type Fault = { type: 'fault'; at: number; says: string }
/** Reads by what answered them, where single answers do not tell. */
export type Sources = { type: 'sources'; path: Path; counts: Record<string, number> }

export type Entry = Write | Commit | Read | FailedRead | Fault | Sources

export type Log = ReturnType<typeof openLog>

/** A JSONL file that entries are appended to. */
export function openLog(file: string) {
  const stream = createWriteStream(file)
  return {
    write: (entry: Entry) => void stream.write(`${JSON.stringify(entry)}\n`),
    close: () => finished(stream.end()),
  }
}

/** Every entry of the files, one after the other; a line that is only half written yet is left out. */
export async function* readLogs(files: readonly string[]): AsyncGenerator<Entry> {
  for (const file of files) {
    let rest = ''
    for await (const chunk of createReadStream(file, { encoding: 'utf8' }) as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield JSON.parse(line) as Entry
    }
  }
}
