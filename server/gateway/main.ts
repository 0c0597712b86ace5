import { serverEnv } from '@/server/env'
import { logError, logInfo } from '@/server/log'
import { reportProcess } from '@/server/services/live/report-process'
import { connectStores } from '@/server/services/stores'
import { startGateway } from './start'

const stores = connectStores('gateway')
const gateway = await startGateway({ stores, port: serverEnv().gatewayPort })
const stopReporting = reportProcess(stores, 'gateway')
logInfo('gateway started', { url: gateway.url })

async function stop() {
  try {
    stopReporting()
    await gateway.close()
    await stores.close()
    logInfo('gateway stopped')
    process.exit(0)
  } catch (error) {
    logError('stopping failed', error)
    process.exit(1)
  }
}

process.once('SIGTERM', stop)
process.once('SIGINT', stop)
