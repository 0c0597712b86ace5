import { endOnSignal } from '@/server/end-on-signal'
import { serverEnv } from '@/server/env'
import { logInfo } from '@/server/log'
import { reportProcess } from '@/server/services/live/report-process'
import { thisProcess } from '@/server/services/live/this-process'
import { connectStores } from '@/server/services/stores'
import { ingestThread } from './ingest/ingest-thread'
import { startGateway } from './start'

const stores = connectStores('gateway')
const self = thisProcess('gateway')
const gateway = await startGateway({ stores, port: serverEnv().gatewayPort, self, ingest: ingestThread() })
const stopReporting = reportProcess(stores, self)
logInfo('gateway started', { url: gateway.url, name: self.name })

endOnSignal('gateway', async () => {
  await stopReporting()
  await gateway.close()
  await stores.close()
})
