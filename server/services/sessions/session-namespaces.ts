import type { Transaction } from '@/db/postgres/client'
import {
  changeSessionNamespace,
  deleteSessionNamespace,
  insertSessionNamespace,
  lockSessionNamespaces,
  MOST_SESSION_NAMESPACES,
  type SessionNamespace,
} from '@/db/postgres/queries/session-namespaces'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { forgetPlaces } from './places'
import type { CreateSessionNamespace, SessionNamespaceName } from './session-namespaces.schema'

type Named = { name: string }

/**
 * Makes a namespace: sessions whose id begins with its name and a colon. Those that there are live in Redis; where the table
 * is chosen they move there at once. @throws AppError `conflict`
 */
export async function createSessionNamespace(caller: Caller, { name, store }: CreateSessionNamespace): Promise<Named> {
  return changing(caller, 'sessions.create-namespace', async (tx, all) => {
    if (all.some((one) => one.name === name)) throw conflict(`There is a namespace ${name} already.`)
    if (all.length >= MOST_SESSION_NAMESPACES)
      throw conflict('There are too many namespaces: remove one that is not needed.')
    await insertSessionNamespace(tx, { name, store: 'redis', createdBy: caller.actor.name })
    if (store !== 'redis') await begin(tx, all, name)
    return { target: name, after: { store } }
  })
}

/** Begins to move the sessions of a namespace; the worker does the rest (see places.ts), while applications go on. */
export async function moveSessions(caller: Caller, { name, store }: CreateSessionNamespace): Promise<Named> {
  return changing(caller, 'sessions.move', async (tx, all) => {
    const known = named(all, name)
    if (known.phase !== 'settled') throw conflict(`${name} is being moved already: wait for its end.`)
    if (known.store === store) throw conflict(`The sessions of ${name} live there already.`, 'store')
    await begin(tx, all, name)
    return { target: name, before: { store: known.store }, after: { store } }
  })
}

/** Ends a move before the first session has moved. */
export async function cancelSessionMove(caller: Caller, { name }: SessionNamespaceName): Promise<Named> {
  return changing(caller, 'sessions.cancel-move', async (tx, all) => {
    const known = named(all, name)
    const still = known.phase === 'preparing' && (await changeSessionNamespace(tx, known, { phase: 'settled' }))
    if (!still)
      throw conflict(
        known.phase === 'settled'
          ? `${name} is not being moved.`
          : `Sessions of ${name} move already: move it back after.`,
      )
    return { target: name, after: { store: known.store } }
  })
}

/** Its sessions stay in Redis, as sessions of no namespace. */
export async function removeSessionNamespace(caller: Caller, { name }: SessionNamespaceName): Promise<Named> {
  return changing(caller, 'sessions.remove-namespace', async (tx, all) => {
    const known = named(all, name)
    if (known.phase !== 'settled' || known.store !== 'redis')
      throw conflict(`${name} has sessions in the table: move it to Redis first.`)
    await deleteSessionNamespace(tx, name)
    return { target: name, before: { store: known.store } }
  })
}

type Action = 'sessions.create-namespace' | 'sessions.move' | 'sessions.cancel-move' | 'sessions.remove-namespace'
type Note = { target: string; before?: unknown; after?: unknown }

async function changing(
  caller: Caller,
  action: Action,
  verb: (tx: Transaction, all: SessionNamespace[]) => Promise<Note>,
): Promise<Named> {
  const done = await change(caller, action, async (tx) => {
    const audit = await verb(tx, await lockSessionNamespaces(tx))
    return { result: { name: audit.target }, audit }
  })
  forgetPlaces(caller)
  return done
}

/** One at a time: whoever walks through both stores does so in the direction in which sessions move. */
async function begin(tx: Transaction, all: readonly SessionNamespace[], name: string): Promise<void> {
  const other = all.find(({ phase }) => phase !== 'settled')
  if (other) throw conflict(`${other.name} is being moved: wait for its end.`)
  await changeSessionNamespace(tx, { name, phase: 'settled' }, { phase: 'preparing', moved: 0, problem: null })
}

function named(all: readonly SessionNamespace[], name: string): SessionNamespace {
  const known = all.find((one) => one.name === name)
  if (!known) throw new AppError('not_found', `There is no session namespace ${name}.`, { field: 'name' })
  return known
}

const conflict = (message: string, field = 'name') => new AppError('conflict', message, { field })
