import { mkdirSync } from 'node:fs'
import { connectCaller } from '@/scripts/checks/caller'
import { outputFile, startMembers } from '@/scripts/checks/cluster'
import { engines } from '@/scripts/checks/engines'
import { rawSql } from '@/scripts/faults/raw-sql'
import { createKey } from '@/server/services/keys/create-key'
import { readOptions } from './options'
import { checkLedger } from './run'

/** `npm run check:ledger -- --cycles 200`: two gateways and a worker, killed at random while clients report usage. */
const DIRECTORY = '.engram/check-ledger'

const options = readOptions(process.argv.slice(2))
const { DATABASE_URL, REDIS_URL } = process.env
const stores = await engines({ databaseUrl: DATABASE_URL, redisUrl: REDIS_URL })
mkdirSync(DIRECTORY, { recursive: true })
const output = outputFile(DIRECTORY)
const syncCommit = (value: string) => setSyncCommit(stores.databaseUrl, value)
if (options.control) await syncCommit('off')
const caller = await connectCaller(stores)
const { key } = await createKey(caller, { name: 'Ledger check', scope: 'app', tenants: null })
await caller.close()
const members = await startMembers({ gateways: 2, workers: 1 }, stores, output)
try {
  const outcome = await checkLedger({ ...options, databaseUrl: stores.databaseUrl, members, key, say: console.log })
  const { rows, lost, duplicated, unknown, faults, batches, acknowledged, duplicates, unanswered, kills } = outcome
  for (const fault of faults.slice(0, 20)) console.log(fault)
  console.log(`kills: ${Object.entries(kills).map(([name, times]) => `${times} ${name}`).join(', ')}`) // prettier-ignore
  console.log(
    `${batches} batches in ${Math.round(outcome.seconds)} s, ${unanswered} times without an answer; ${duplicates} events answered as duplicates`,
  )
  console.log(
    `${acknowledged} events acknowledged, ${rows} recorded: ${lost} lost, ${duplicated} twice, ${unknown} unknown, ${faults.length} sums wrong`,
  )
  process.exitCode = lost + duplicated + unknown + faults.length === 0 ? 0 : 1
} finally {
  await Promise.all(members.map((member) => member.stop()))
  if (options.control) await syncCommit('on')
  output.close()
  await stores.stop()
}

async function setSyncCommit(url: string, value: string) {
  const sql = rawSql(url)
  const name = new URL(url).pathname.slice(1)
  await sql.unsafe(`alter database "${name}" set synchronous_commit = ${value}`)
  await sql.end()
}
