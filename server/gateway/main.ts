import { serverEnv } from '@/server/env'
import { logError } from '@/server/log'
import { connectStores } from '@/server/services/stores'
import { startGateway } from './start'

const stores = connectStores('gateway')
const gateway = await startGateway({ stores, port: serverEnv().gatewayPort })

async function stop() {
  try {
    await gateway.close()
    await stores.close()
    process.exit(0)
  } catch (error) {
    logError('stopping failed', error)
    process.exit(1)
  }
}

process.once('SIGTERM', stop)
process.once('SIGINT', stop)
