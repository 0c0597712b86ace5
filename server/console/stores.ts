import { connectStores } from '@/server/services/stores'

declare global {
  var engramConsoleStores: ReturnType<typeof connectStores> | undefined
}

/** One set of connections per process; `next dev` loads modules again and again, so they live on globalThis. */
export const consoleStores = () => (globalThis.engramConsoleStores ??= connectStores('console'))
