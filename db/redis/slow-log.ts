import { Cluster, type Redis } from 'ioredis'
import type { RedisStore } from './client'

/** As many as Redis keeps unless it is told otherwise. */
const READ_AT_ONCE = 128
const ARGUMENTS_SHOWN = 2
const ARGUMENT_CHARACTERS = 80

export type SlowEntry = {
  runId: string
  id: number
  at: Date
  usec: number
  command: string
  args: string
  client: string
}

/** Of each primary what its slow log holds, newest first; `since`: by run of Redis the newest id that is known already. */
export async function readSlowLog(
  { commands }: Pick<RedisStore, 'commands'>,
  since: ReadonlyMap<string, number>,
): Promise<SlowEntry[]> {
  const nodes: Redis[] = commands instanceof Cluster ? commands.nodes('master') : [commands]
  return (await Promise.all(nodes.map((node) => readOf(node, since)))).flat()
}

async function readOf(node: Redis, since: ReadonlyMap<string, number>): Promise<SlowEntry[]> {
  const runId = /^run_id:(\w+)/m.exec(await node.info('server'))?.[1] ?? ''
  const known = since.get(runId) ?? -1
  // The newest alone says whether there is anything new: most of the time one short command is all.
  const newest = (await node.slowlog('GET', 1)) as unknown[]
  if (newest.every((raw) => entryOf(raw, runId).id <= known)) return []
  const raws = (await node.slowlog('GET', READ_AT_ONCE)) as unknown[]
  return raws.map((raw) => entryOf(raw, runId)).filter(({ id }) => id > known)
}

function entryOf(raw: unknown, runId: string): SlowEntry {
  const [id, at, usec, words, address, name] = raw as [number, number, number, string[], string, string]
  const [command = '', ...rest] = words.map(String)
  const shown = rest.slice(0, ARGUMENTS_SHOWN).map(cut)
  const more = rest.length - shown.length
  return {
    runId,
    id,
    at: new Date(at * 1000),
    usec,
    command: command.toLowerCase().slice(0, ARGUMENT_CHARACTERS),
    args: [...shown, ...(more > 0 ? [`… ${more} more`] : [])].join(' '),
    client: printable(name || address || ''),
  }
}

const cut = (argument: string) =>
  printable(argument).length > ARGUMENT_CHARACTERS
    ? `${printable(argument).slice(0, ARGUMENT_CHARACTERS)}…`.toWellFormed()
    : printable(argument)

/** Postgres keeps no zero bytes. */
const printable = (text: string) => text.replace(/[\0-\x1f\x7f]/g, '\ufffd')
