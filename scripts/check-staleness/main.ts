import { engines } from '@/scripts/checks/engines'
import { excerptAround } from './excerpt'
import { readOptions } from './options'
import { describe } from './report'
import { checkStaleness } from './run'

/** `npm run check:staleness -- --activations 10000 --readers 64 [--kills n] [--freezes n] [--seed n] [--control name]` */
const EXCERPTS = 3

const options = readOptions(process.argv.slice(2))
const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env
const stores = await engines({ databaseUrl, redisUrl })
process.once('SIGINT', () => void stores.stop().then(() => process.exit(130)))
try {
  console.log(
    `${options.activations} activations, ${options.readers} readers, seed ${options.seed}` +
      `${options.control ? `, control ${options.control}` : ''}; the history goes to ${options.directory}`,
  )
  const run = await checkStaleness(options, stores, console.log)
  for (const finding of run.findings.slice(0, EXCERPTS)) {
    console.log(`\n${finding.says}`)
    for (const line of await excerptAround(finding, run.files)) console.log(line)
  }
  for (const line of describe(run)) console.log(line)
  process.exitCode = run.stale + run.otherViolations === 0 ? 0 : 1
} finally {
  await stores.stop()
}
