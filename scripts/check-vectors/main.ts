import { mkdirSync } from 'node:fs'
import { connectCaller } from '@/scripts/checks/caller'
import { outputFile, startMembers } from '@/scripts/checks/cluster'
import { engines } from '@/scripts/checks/engines'
import { createKey } from '@/server/services/keys/create-key'
import { readOptions } from './options'
import { checkVectors, mean, preferIndexes } from './run'

/** `npm run check:vectors -- --cycles 200`: tenants come and go under searches, while the worker and Postgres are killed. */
const DIRECTORY = '.engram/check-vectors'
const ROWS = { native: 400, embedded: 120 }

const options = readOptions(process.argv.slice(2))
const { DATABASE_URL, REDIS_URL } = process.env
const stores = await engines({ databaseUrl: DATABASE_URL, redisUrl: REDIS_URL })
mkdirSync(DIRECTORY, { recursive: true })
const output = outputFile(DIRECTORY)
await preferIndexes(stores.databaseUrl)
const caller = await connectCaller(stores)
const { key } = await createKey(caller, { name: 'Vectors check', scope: 'operator', tenants: null })
const members = await startMembers({ gateways: 2, workers: 1 }, stores, output)
try {
  const rows = options.rows ?? (DATABASE_URL ? ROWS.native : ROWS.embedded)
  const outcome = await checkVectors({ ...options, rows, stores, caller, members, key, say: console.log })
  const { kills, cycles, cycleRecalls, answered, refused, recalls, failures, faults, seconds } = outcome
  for (const fault of [...failures.slice(0, 20), ...faults.slice(0, 20)]) console.log(fault)
  const atWork = Object.entries(kills.atWork).map(([kind, times]) => `${times} ${kind}`).join(', ') // prettier-ignore
  console.log(`kills: ${kills.worker} worker, ${kills.postmaster} postmaster; in the middle of ${atWork}`)
  console.log(
    `${cycles} cycles in ${Math.round(seconds)} s; recall after each step ${mean(cycleRecalls).toFixed(3)}, at the least ${Math.min(...cycleRecalls).toFixed(3)}`,
  )
  console.log(
    `${answered} searches of other tenants, recall ${mean(recalls).toFixed(3)}; ${refused} times told to come again while Postgres was away`,
  )
  console.log(`${failures.length} searches failed, ${faults.length} faults`)
  process.exitCode = failures.length + faults.length === 0 ? 0 : 1
} finally {
  await Promise.all(members.map((member) => member.stop()))
  await caller.close()
  await preferIndexes(stores.databaseUrl, false)
  output.close()
  await stores.stop()
}
