import { reportProcess } from '@/server/services/live/report-process'
import { thisProcess } from '@/server/services/live/this-process'
import { connectStores } from '@/server/services/stores'

declare global {
  var engramConsoleStores: ReturnType<typeof connectStores> | undefined
}

/** One set of connections per process; `next dev` loads modules again and again, so they live on globalThis. */
export function consoleStores() {
  if (globalThis.engramConsoleStores) return globalThis.engramConsoleStores
  const stores = connectStores('console')
  reportProcess(stores, thisProcess('console'))
  return (globalThis.engramConsoleStores = stores)
}
