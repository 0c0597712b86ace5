import { randomUUID } from 'node:crypto'
import {
  deleteKey as remove,
  editPart,
  expireKey as expire,
  type Refusal,
  restoreKey as restore,
  trashName,
} from '@/db/redis/key-write'
import { readFacts } from '@/db/redis/key-read'
import { AppError } from '@/server/errors'
import { type Action, change, requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { fixedBecause, isUndoable } from './fixed'
import { keyText } from './key-text.schema'
import type { DeleteKey, EditKey, ExpireKey, KeyRef, RestoreKey } from './redis-keys.schema'
import { askRedis, type OpenedRedis, redisOf } from './redis-of'

/** How long a deletion can be taken back, and what a press in the last moment takes to arrive. */
const UNDO_MS = 60_000
const GRACE_MS = 30_000

/** Changes one part of a value that is still what was read. @throws AppError `conflict` when it is not */
export async function editKey(caller: Caller, input: EditKey): Promise<{ key: string }> {
  const { opened, key } = await mayChange(caller, 'redis.edit-key', input)
  return change(caller, 'redis.edit-key', async () => {
    checkEdit(input)
    const [at, before, after] = [input.at, input.before, input.after].map(decoded)
    const edit = { key, type: input.type, at: at ?? Buffer.alloc(0), before: before ?? null, after: after ?? null }
    refuse(await askRedis(opened, () => editPart(opened.redis, edit)))
    const part = input.type === 'string' ? {} : { part: keyText(edit.at, AUDIT_CHARACTERS) }
    // Values may be personal data: the audit log keeps their sizes.
    const side = (bytes: Buffer | null) => ({ ...part, bytes: bytes?.length ?? null })
    return {
      result: { key: input.key },
      audit: { target: targetOf(opened, key), before: side(edit.before), after: side(edit.after) },
    }
  })
}

/** Sets or takes away the time to live. @throws AppError `conflict` when it is no longer what was read */
export async function expireKey(caller: Caller, input: ExpireKey): Promise<{ expiresAt: number | null }> {
  const { opened, key } = await mayChange(caller, 'redis.expire-key', input)
  return change(caller, 'redis.expire-key', async () => {
    const { before, after } = input
    if (after !== null && after <= Date.now())
      throw new AppError('bad_request', 'after: must lie ahead; to end a key now, delete it', { field: 'after' })
    refuse(await askRedis(opened, () => expire(opened.redis, { key, before, after })))
    const side = (at: number | null) => ({ expiresAt: at === null ? null : new Date(at).toISOString() })
    return {
      result: { expiresAt: after },
      audit: { target: targetOf(opened, key), before: side(before), after: side(after) },
    }
  })
}

/**
 * Deletes a key that is still what was read. What it answers takes it back for a minute; `trash` is null where that
 * cannot be had, because the value is large. @throws AppError `conflict`
 */
export async function deleteKey(caller: Caller, input: DeleteKey) {
  const { opened, key } = await mayChange(caller, 'redis.delete-key', input)
  return change(caller, 'redis.delete-key', async () => {
    const facts = await askRedis(opened, () => readFacts(opened.redis, key))
    if (!facts) throw refusalOf('gone')
    const id = randomUUID()
    const trash = isUndoable(opened, key, facts.bytes) ? trashName(opened.redis, key, id) : null
    const keepMs = UNDO_MS + GRACE_MS
    const done = await askRedis(opened, () => remove(opened.redis, { key, mark: input.mark, trash, keepMs }))
    refuse(done.refusal)
    const { type, length, bytes } = facts
    return {
      result: { trash: trash && id, expiresAt: done.expiresAt },
      audit: { target: targetOf(opened, key), before: { type, length, bytes, undoable: trash !== null } },
    }
  })
}

/** Takes a deletion back. @throws AppError `conflict` when it is too late, or a new key has the name */
export async function restoreKey(caller: Caller, input: RestoreKey): Promise<{ key: string }> {
  const { opened, key } = await mayChange(caller, 'redis.restore-key', input)
  return change(caller, 'redis.restore-key', async () => {
    const trash = trashName(opened.redis, key, input.trash)
    const expiresAt = input.expiresAt
    const said = trash ? await askRedis(opened, () => restore(opened.redis, { key, trash, expiresAt })) : 'late'
    if (said !== 'done') throw new AppError('conflict', notRestored[said])
    return { result: { key: input.key }, audit: { target: targetOf(opened, key) } }
  })
}

const notRestored = {
  late: 'A deletion can be taken back for a minute; that is over.',
  taken: 'A key of this name was made meanwhile: it stays, and the deleted one is not brought back.',
  expired: 'The time of this key ran out meanwhile.',
}

const AUDIT_CHARACTERS = 200
export const targetOf = ({ name }: OpenedRedis, key: Buffer) => `${name}: ${keyText(key, AUDIT_CHARACTERS)}`
const decoded = (text: string | null) => (text === null ? null : Buffer.from(text, 'base64url'))

/** The Redis and the key, where both may be changed. @throws AppError `forbidden` */
async function mayChange(caller: Caller, action: Action, { connection, key: name }: KeyRef) {
  requireRole(caller.actor, action)
  const opened = await redisOf(caller, connection)
  const key = Buffer.from(name, 'base64url')
  const because = fixedBecause(opened, key)
  if (because) throw new AppError('forbidden', because)
  return { opened, key }
}

/** What Redis itself would refuse in words of its own. */
function checkEdit({ type, before, after }: EditKey): void {
  const bad = (message: string) => new AppError('bad_request', `after: ${message}`, { field: 'after' })
  if (before === null && after === null) throw bad('is where nothing was, and nothing shall be')
  if (after === null && (type === 'string' || type === 'list')) throw bad(`must be a value: a ${type} has no holes`)
  if (before === null && (type === 'string' || type === 'list'))
    throw new AppError('bad_request', 'before: must be what was read', { field: 'before' })
  if (type === 'zset' && after !== null && !isScore(Buffer.from(after, 'base64url').toString()))
    throw bad('must be a number, inf or -inf')
}

export const isScore = (text: string) => /^[+-]?(inf|(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?)$/i.test(text)

const refusals: Record<Refusal, string> = {
  gone: 'There is no key of this name any more: it expired, or was deleted.',
  type: 'This key has another type by now: open it again.',
  changed: 'This is no longer what you looked at: somebody changed it meanwhile. Open it again.',
  last: 'This is the last part: without it the key itself is gone. Delete the key instead.',
}
const refusalOf = (refusal: Refusal) => new AppError(refusal === 'gone' ? 'not_found' : 'conflict', refusals[refusal])
function refuse(refusal: Refusal | null): void {
  if (refusal) throw refusalOf(refusal)
}
