import { bulkLoad } from './bulk-load'
import { type Figure, judge } from './figure'
import { manyTenants } from './many-tenants'
import { nearestNeighbours } from './nearest-neighbours'
import { promptOverHttp } from './prompt-over-http'
import { readsWhileIngesting } from './reads-while-ingesting'
import { sdkReads } from './sdk-reads'
import { type Setting, startSetting } from './setting'
import { sharedCacheHits } from './shared-cache-hits'
import { usageIngest } from './usage-ingest'
import { usagePanels } from './usage-panels'

/**
 * `npm run bench`: each figure with what it is divided by, both measured in this run on this machine. `npm run bench -- sdk-reads`
 * runs the parts that are named.
 */
const parts: Record<string, (setting: Setting) => Promise<Figure[]>> = {
  'prompt-over-http': promptOverHttp,
  'shared-cache-hits': sharedCacheHits,
  'sdk-reads': sdkReads,
  'reads-while-ingesting': readsWhileIngesting,
  'usage-ingest': usageIngest,
  'usage-panels': usagePanels,
  'nearest-neighbours': nearestNeighbours,
  'bulk-load': bulkLoad,
  'many-tenants': manyTenants,
}
const named = process.argv.slice(2)
const unknown = named.find((name) => !(name in parts))
if (unknown) {
  console.error(`No such part: ${unknown}. There are ${Object.keys(parts).join(', ')}.`)
  process.exit(1)
}

const setting = await startSetting()
let missed = 0
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (named.length > 0 && !named.includes(name)) continue
    for (const figure of await measure(setting)) {
      const { reached, line } = judge(figure)
      if (!reached) missed++
      console.log(line)
    }
  }
} finally {
  await setting.stop()
}
process.exit(missed === 0 ? 0 : 1)
