import { mkdirSync } from 'node:fs'
import { actThrough } from '@/scripts/check-staleness/acts'
import { connectCaller } from '@/scripts/checks/caller'
import { outputFile, startMembers } from '@/scripts/checks/cluster'
import { engines } from '@/scripts/checks/engines'
import { createKey } from '@/server/services/keys/create-key'
import { readOptions } from './options'
import { checkActivations } from './run'

/** `npm run check:activations -- --clients 32 --each 1000 --prompts 5`: over HTTP, through two gateways, with a worker. */
const GATEWAYS = 2
const DIRECTORY = '.engram/check-activations'

const options = readOptions(process.argv.slice(2))
const { DATABASE_URL, REDIS_URL } = process.env
const stores = await engines({ databaseUrl: DATABASE_URL, redisUrl: REDIS_URL })
mkdirSync(DIRECTORY, { recursive: true })
const output = outputFile(DIRECTORY)
const caller = await connectCaller(stores)
const members = await startMembers({ gateways: GATEWAYS, workers: 1 }, stores, output)
try {
  const { key } = await createKey(caller, { name: 'Activation check', scope: 'operator', tenants: null })
  const gateways = members.filter(({ role }) => role === 'gateway')
  const act = (client: number) => actThrough(gateways[client % gateways.length]?.url ?? '', key)
  const verdict = await checkActivations({ ...options, databaseUrl: stores.databaseUrl, caller, act, say: console.log })
  const { acknowledged, refused, snapshots, seconds, faults } = verdict
  for (const fault of faults.slice(0, 20)) console.log(fault)
  console.log(
    `${options.clients} clients, ${options.clients * options.each} changes on ${options.prompts} prompts in ${Math.round(seconds)} s: ` +
      `${acknowledged} acknowledged, ${refused} refused with 409; ${snapshots} snapshots`,
  )
  console.log(`${faults.length} faults`)
  process.exitCode = faults.length === 0 ? 0 : 1
} finally {
  await Promise.all(members.map((member) => member.stop()))
  await caller.close()
  output.close()
  await stores.stop()
}
