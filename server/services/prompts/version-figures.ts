import { latencyP95ByVersion, usageByVersion } from '@/db/postgres/queries/prompt-usage'
import { selectPrompt } from '@/db/postgres/queries/prompts'
import type { Stores } from '@/server/services/context'
import { windowOf } from '@/server/services/scope.schema'
import type { VersionFiguresOf } from './prompt-pages.schema'
import { unknownPrompt } from './unknown'

/** Latencies are in no rollup: they are read from the calls, of the newest hours of the range only. */
const LATENCY_HOURS = 6

/** What each version of a prompt did in the scope; only versions with calls, newest first. @throws AppError `not_found`. */
export async function versionFigures({ db }: Pick<Stores, 'db'>, { name, scope }: VersionFiguresOf, now = new Date()) {
  if (!(await selectPrompt(db, { name }))) throw unknownPrompt(name)
  const { from, to } = windowOf(scope, now)
  const tenant = scope.tenant ?? undefined
  const latencyFrom = new Date(Math.max(from.getTime(), to.getTime() - LATENCY_HOURS * 3_600_000))
  const [used, p95] = await Promise.all([
    usageByVersion(db, { name, from, to, tenant }),
    latencyP95ByVersion(db, { name, from: latencyFrom, to, tenant }),
  ])
  return {
    from: from.toISOString(),
    asOf: to.toISOString(),
    latencyFrom: latencyFrom.toISOString(),
    versions: used.map(({ version, requests, errors, cached, unpriced, tokens, costPer1000Usd, lastAt }) => ({
      ...{ version, requests, errors, cached, unpriced, costPer1000Usd },
      tokensPerRequest: tokens / requests,
      p95Ms: p95.get(version) ?? null,
      /** To the hour, except within the hour that runs. */
      lastAt: lastAt.toISOString(),
    })),
  }
}
export type VersionsFigures = Awaited<ReturnType<typeof versionFigures>>
export type FiguresOfVersion = VersionsFigures['versions'][number]
