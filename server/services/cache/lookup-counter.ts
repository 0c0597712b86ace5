import { randomUUID } from 'node:crypto'
import { insertLookupTotals, type LookupTotal, updateLookupTotals } from '@/db/postgres/queries/cache-lookups'
import type { CountedFamily } from '@/db/postgres/schema/cache'
import type { Answer } from '@/db/redis/cache'
import type { Stores } from '@/server/services/context'
import { ensureTenants } from '@/server/services/tenants/ensure-tenants'
import { scaled, usdFromPico } from '@/server/services/usage/prices/pico-usd'

type Figures = { hits: number; misses: number; savedPicoUsd: bigint; hitsWithoutCost: number }
type Prompt = { name: string; version: number }
type Total = Figures & {
  minute: number
  family: CountedFamily
  namespace: string
  tenant: string
  /** What made the answers that were hit; null where nobody said so, and for misses. */
  prompt: Prompt | null
  simulated: boolean
  /** What Postgres has of it; null before the first write. */
  written: Figures | null
}

const MINUTE_MS = 60_000
const ROWS_PER_STATEMENT = 1_000
/** While Postgres is gone, totals wait in memory: an hour of 800 busy namespaces and tenants, about 20 MB. */
const MAX_WAITING = 50_000

/** Empty where there is none, or nobody knows. */
type Of = { namespace?: string; tenant?: string }

/**
 * Counts look-ups in Redis per minute, family, namespace, tenant and the prompt version that an answer was made with: each
 * once that Redis answered, a hit or a miss as INFO has it. `flush`, called every second and before the process ends, writes
 * this process' running totals: writing them again after a lost reply changes nothing.
 */
export function lookupCounter({ db }: Pick<Stores, 'db'>, now: () => number = Date.now) {
  const process = randomUUID()
  const totals = new Map<string, Total>()
  const seen = { hits: 0, misses: 0, degraded: 0, dropped: 0 }
  let last: Promise<void> = Promise.resolve()

  const totalOf = (
    family: CountedFamily,
    { namespace = '', tenant = '' }: Of,
    { prompt, simulated }: Pick<Total, 'prompt' | 'simulated'>,
  ): Total | null => {
    const minute = Math.floor(now() / MINUTE_MS) * MINUTE_MS
    const name = JSON.stringify([minute, family, tenant, namespace, prompt?.name, prompt?.version])
    const known = totals.get(name)
    if (known) return known
    if (totals.size >= MAX_WAITING) return null
    const none = { hits: 0, misses: 0, savedPicoUsd: 0n, hitsWithoutCost: 0 }
    const total = { minute, family, namespace, tenant, prompt, simulated, ...none, written: null }
    totals.set(name, total)
    return total
  }

  const write = async () => {
    const changed = [...totals.values()].filter(isChanged)
    for (let at = 0; at < changed.length; at += ROWS_PER_STATEMENT)
      await writeTotals(db, process, changed.slice(at, at + ROWS_PER_STATEMENT))
    const thisMinute = Math.floor(now() / MINUTE_MS) * MINUTE_MS
    for (const [name, total] of totals) if (total.minute < thisMinute && !isChanged(total)) totals.delete(name)
  }

  return {
    /** A look-up of the answer cache. */
    count(
      of: { namespace: string; tenant: string },
      { answer, simulated }: { answer: Pick<Answer, 'costUsd' | 'prompt'> | null; simulated: boolean },
    ) {
      seen[answer ? 'hits' : 'misses']++
      const total = totalOf('answers', of, { prompt: answer?.prompt ?? null, simulated })
      if (!total) return void seen.dropped++
      if (!answer) return void total.misses++
      total.hits++
      const saved = answer.costUsd === null ? null : scaled(answer.costUsd, 12)
      if (saved === null) total.hitsWithoutCost++
      else total.savedPicoUsd += saved
    },
    /** A look-up of any other family. */
    note(family: Exclude<CountedFamily, 'answers'>, hit: boolean, of: Of & { simulated?: boolean } = {}) {
      const total = totalOf(family, of, { prompt: null, simulated: of.simulated ?? false })
      if (total) total[hit ? 'hits' : 'misses']++
    },
    /** The tenant was erased: what was counted for it before goes with it. */
    forget(tenant: string) {
      for (const [name, total] of totals) if (total.tenant === tenant) totals.delete(name)
    },
    /** Redis did not answer: neither hit nor miss. */
    degraded: () => void seen.degraded++,
    /** Since the start, for /metrics; `dropped` were counted here only, because too much was waiting for Postgres. */
    seen: seen as Readonly<typeof seen>,
    /** One after the other, so that each has what was counted before it was asked for. */
    flush: () => (last = last.catch(() => {}).then(write)),
  }
}

export type LookupCounter = ReturnType<typeof lookupCounter>

const isChanged = ({ hits, misses, written }: Total) => written?.hits !== hits || written.misses !== misses

async function writeTotals(db: Stores['db'], process: string, totals: Total[]): Promise<void> {
  for (const simulated of [true, false]) {
    const slugs = totals.filter((total) => total.simulated === simulated).flatMap(({ tenant }) => tenant || [])
    await ensureTenants({ db }, { slugs, simulated })
  }
  const [fresh, known] = [totals.filter(({ written }) => !written), totals.filter(({ written }) => written)]
  if (fresh.length > 0) {
    const figures = fresh.map(figuresOf)
    await insertLookupTotals(db, process, fresh.map(rowOf))
    for (const [place, total] of fresh.entries()) total.written = figures[place] ?? null
  }
  if (known.length > 0) {
    const figures = known.map(figuresOf)
    const there = await updateLookupTotals(db, process, known.map(rowOf))
    for (const [place, total] of known.entries())
      if (there.has(place)) total.written = figures[place] ?? null
      else startAnew(total)
  }
}

/** The tenant was erased with what we had written: only what came since is written again, at the next flush. */
function startAnew(total: Total) {
  total.hits -= total.written?.hits ?? 0
  total.misses -= total.written?.misses ?? 0
  total.savedPicoUsd -= total.written?.savedPicoUsd ?? 0n
  total.hitsWithoutCost -= total.written?.hitsWithoutCost ?? 0
  total.written = null
}

const figuresOf = ({ hits, misses, savedPicoUsd, hitsWithoutCost }: Total): Figures => ({
  hits,
  misses,
  savedPicoUsd,
  hitsWithoutCost,
})

const rowOf = ({ minute, family, namespace, tenant, prompt, savedPicoUsd, ...figures }: Total): LookupTotal => ({
  minute: new Date(minute).toISOString(),
  family,
  namespace,
  tenant,
  promptName: prompt?.name ?? '',
  promptVersion: prompt?.version ?? 0,
  hits: figures.hits,
  misses: figures.misses,
  hitsWithoutCost: figures.hitsWithoutCost,
  savedUsd: usdFromPico(savedPicoUsd),
})
