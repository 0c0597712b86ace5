import type { Stores } from '@/server/services/context'
import { operatorOf } from './session'
import { consoleStores } from './stores'

/** What every procedure starts from; `signedIn` in `trpc.ts` narrows it to an operator. */
export async function createContext(headers: Headers) {
  const stores: Stores = consoleStores()
  return { stores, operator: await operatorOf(stores, headers) }
}

export type Context = Awaited<ReturnType<typeof createContext>>
