import { logError, logInfo } from '@/server/log'

/** Ends the process on SIGTERM or SIGINT, once `end` has brought to its end what is under way. */
export function endOnSignal(name: string, end: () => Promise<void>): void {
  const stop = async () => {
    try {
      await end()
      logInfo(`${name} stopped`)
      process.exit(0)
    } catch (error) {
      logError('stopping failed', error)
      process.exit(1)
    }
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
