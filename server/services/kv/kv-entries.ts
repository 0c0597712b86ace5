import { lockKvKeys } from '@/db/postgres/queries/kv-entries'
import { insertNamespace, type KvNamespace } from '@/db/postgres/queries/kv-namespaces'
import type { KvStore } from '@/db/postgres/schema/kv'
import type { KvKey } from '@/db/redis/kv'
import { AppError } from '@/server/errors'
import type { LookupCounter } from '@/server/services/cache/lookup-counter'
import type { Stores } from '@/server/services/context'
import { noteTenant } from '@/server/services/tenants/ensure-tenants'
import { deleteEntry, type Handles, readEntry, writeEntry } from './entry-stores'
import type { KvInput } from './kv.schema'
import type { KvCounter } from './kv-counter'
import type { KnownNamespaces } from './known-namespaces'
import { writtenTo } from './phases'

/** Where a namespace lives that nobody has chosen a store for: where nothing is lost (docs/decisions/0029). */
export const DEFAULT_STORE: KvStore = 'logged'

type Needs = { namespaces: KnownNamespaces; counts: KvCounter; lookups: Pick<LookupCounter, 'note'> }
type By = { name: string; simulated: boolean }

/** The key-value calls of applications. @throws AppError `unavailable` while the store of the namespace does not answer. */
export function kvEntries(stores: Stores, { namespaces, counts, lookups }: Needs) {
  /** In the store that is read, or in both under the lock of the key while the namespace moves (see phases.ts). */
  async function inEach<T>(
    place: KvNamespace,
    key: KvKey,
    change: (at: Handles, store: KvStore) => Promise<T>,
  ): Promise<T> {
    const [first, ...others] = writtenTo(place)
    if (others.length === 0) return change(stores, first)
    return stores.db.transaction(async (tx) => {
      await lockKvKeys(tx, [key])
      const at = { db: tx, redis: stores.redis }
      const result = await change(at, first)
      for (const store of others) await change(at, store)
      return result
    })
  }

  async function registered(name: string, by: string): Promise<KvNamespace> {
    const known = await namespaces.findSurely(name)
    if (known) return known
    if (!(await insertNamespace(stores.db, { name, store: DEFAULT_STORE, createdBy: by })))
      throw new AppError('conflict', 'There are too many namespaces: use one of those that there are.', {
        field: 'namespace',
      })
    namespaces.forget()
    const made = await namespaces.findSurely(name)
    if (!made) throw new AppError('conflict', 'The namespace was deleted meanwhile; try again.', { field: 'namespace' })
    return made
  }

  return {
    async put(key: KvKey, { value, ttlSeconds }: KvInput, by: By): Promise<{ expiresAt: string | null }> {
      if (key.tenant !== '') await noteTenant(stores, { slug: key.tenant, simulated: by.simulated })
      const place = await registered(key.namespace, by.name)
      counts.count(key.namespace, 'writes')
      const expiresAt = ttlSeconds === undefined ? null : Date.now() + ttlSeconds * 1000
      const entry = { value: JSON.stringify(value), expiresAt }
      await inEach(place, key, (at, store) => writeEntry(at, store, key, entry))
      return { expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() }
    },

    /** `value` is JSON as text. @throws AppError `not_found`. */
    async get(key: KvKey, { simulated }: Pick<By, 'simulated'>): Promise<{ value: string; expiresAt: string | null }> {
      const place = await namespaces.find(key.namespace)
      if (place) counts.count(key.namespace, 'reads')
      const entry = place && (await readEntry(stores, place.store, key))
      if (place?.store === 'redis') lookups.note('kv', entry !== null, { ...key, simulated })
      if (!entry) throw new AppError('not_found', 'There is no such entry.', { field: 'key' })
      return {
        value: entry.value,
        expiresAt: entry.expiresAt === null ? null : new Date(entry.expiresAt).toISOString(),
      }
    },

    async delete(key: KvKey): Promise<{ deleted: boolean }> {
      const place = await namespaces.findSurely(key.namespace)
      if (!place) return { deleted: false }
      counts.count(key.namespace, 'deletes')
      return { deleted: await inEach(place, key, (at, store) => deleteEntry(at, store, key)) }
    },
  }
}

export type KvEntries = ReturnType<typeof kvEntries>
