import { backfill } from './backfill'
import { gatewayClient } from './gateway'
import { runLive } from './live'
import { fillMemories } from './memory'
import { setFlags, setLimits, setUp } from './setup'

/** The simulated application of the demo. It knows the gateway's address and two keys, and nothing else of Engram. */
const { GATEWAY_URL = 'http://localhost:4000', APP_KEY = '', OPERATOR_KEY = '' } = process.env
const app = gatewayClient(GATEWAY_URL, APP_KEY)
const operator = gatewayClient(GATEWAY_URL, OPERATOR_KEY)

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())

const now = Date.now()
const from = new Date(now - 14 * 86_400_000).toISOString()
const known = await operator.call<{ totals: { requests: number } }>(
  'GET',
  `/v1/usage/summary?from=${from}&to=${new Date(now).toISOString()}&groupBy=model`,
)
if (known.status !== 200) throw new Error(`The gateway answered ${known.status} to the first question.`)
if (known.body.totals.requests === 0) {
  await setUp(operator)
  const started = Date.now()
  let shown = 0
  const sent = await backfill(app, now, (share) => {
    const tenth = Math.floor(share * 10)
    if (tenth > shown) console.log(`back-filling 14 days of usage: ${tenth * 10} %`)
    shown = Math.max(shown, tenth)
  })
  console.log(`back-filled ${sent.toLocaleString('en')} model calls in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}
await setLimits(operator)
await setFlags(operator, app)
process.send?.('ready')
await fillMemories(app)
console.log('sends live traffic')
await runLive({ connection: { url: GATEWAY_URL, key: APP_KEY }, app, operator }, stopping.signal)
process.exit(0)
