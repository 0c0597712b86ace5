import { Cluster } from 'ioredis'
import type { RedisStore } from './client'

/** Mean microseconds per call by command, as Redis measured them since its start; of a cluster, of one primary. */
export async function commandCosts({ commands }: RedisStore): Promise<Map<string, number>> {
  const node = commands instanceof Cluster ? commands.nodes('master')[0] : commands
  const text = (await node?.info('commandstats')) ?? ''
  const costs = new Map<string, number>()
  for (const [, name, usec] of text.matchAll(/^cmdstat_([^:\r\n]+):.*?usec_per_call=([\d.]+)/gm))
    if (name && usec) costs.set(name, Number(usec))
  return costs
}
