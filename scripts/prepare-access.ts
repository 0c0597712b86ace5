import { randomBytes } from 'node:crypto'
import { system } from '@/server/services/context'
import { authenticateKey } from '@/server/services/keys/authenticate-key'
import { createKey } from '@/server/services/keys/create-key'
import { createFirstAdmin } from '@/server/services/operators/create-first-admin'
import { createSignInLink } from '@/server/services/operators/create-sign-in-link'
import { connectStores } from '@/server/services/stores'

export type DemoAccess = { email: string; password: string; appKey: string; operatorKey: string }

/** An admin and two keys for this database: those of the start before where they still work, else new ones. */
export async function prepareAccess(before: Partial<DemoAccess>, { simulated }: { simulated: boolean }) {
  const stores = connectStores('worker')
  try {
    await stores.redis.ready(30_000)
    const { email = 'admin@engram.local', password = randomBytes(12).toString('base64url') } = before
    await createFirstAdmin(stores, { email, name: 'Demo admin', password })
    const caller = { ...stores, actor: system }
    const keep = async (key: string | undefined, name: string, scope: 'app' | 'operator') =>
      key && (await authenticateKey(stores, key))
        ? key
        : (await createKey(caller, { name, scope, tenants: null, simulated })).key
    return {
      email,
      password,
      appKey: await keep(before.appKey, simulated ? 'Simulated application' : 'Demo application', 'app'),
      operatorKey: await keep(before.operatorKey, simulated ? 'Simulated pipeline' : 'Demo operator', 'operator'),
    }
  } finally {
    await stores.close()
  }
}

/** A link that signs the admin in, once. */
export async function signInLinkFor(email: string): Promise<string> {
  const stores = connectStores('worker')
  try {
    return (await createSignInLink({ ...stores, actor: system }, { email })).link
  } finally {
    await stores.close()
  }
}
