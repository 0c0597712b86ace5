import { endOnSignal } from '@/server/end-on-signal'
import { serverEnv } from '@/server/env'
import { logInfo } from '@/server/log'
import { reportProcess } from '@/server/services/live/report-process'
import { connectStores } from '@/server/services/stores'
import { startGateway } from './start'

const stores = connectStores('gateway')
const gateway = await startGateway({ stores, port: serverEnv().gatewayPort })
const stopReporting = reportProcess(stores, 'gateway')
logInfo('gateway started', { url: gateway.url })

endOnSignal('gateway', async () => {
  stopReporting()
  await gateway.close()
  await stores.close()
})
