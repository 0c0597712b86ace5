import { type SQL, sql } from 'drizzle-orm'

/** What a quantile from bins may be off by, relative to the value of that rank: two percent. */
export const LATENCY_ERROR = 0.02
/** DDSketch (Masson et al., VLDB 2019): bin i holds (γ^(i-1), γ^i] milliseconds; its value is off by at most the error. */
const GAMMA = (1 + LATENCY_ERROR) / (1 - LATENCY_ERROR)
const LN_GAMMA = Math.log(GAMMA)
/** Below every other bin: nothing was to be measured. */
const ZERO = -1

/** The bin of a number of whole milliseconds. */
export const binOf = (ms: SQL): SQL =>
  sql`(case when ${ms} <= 0 then ${sql.raw(String(ZERO))} else ceil(ln(${ms}::float8) / ${sql.raw(String(LN_GAMMA))}::float8)::int end)`

/** The same for a number in this process; less than a millisecond counts as one. */
export const binOfMs = (ms: number): number => Math.ceil(Math.log(Math.max(ms, 1)) / LN_GAMMA)

/** Milliseconds that stand for a bin. */
export const binMs = (bin: number): number => (bin === ZERO ? 0 : (2 * GAMMA ** bin) / (GAMMA + 1))

/** The same in SQL, for bins that hold something to be measured. */
export const binMsOf = (bin: SQL): SQL =>
  sql`(2 * power(${sql.raw(String(GAMMA))}::float8, ${bin}) / ${sql.raw(String(GAMMA + 1))}::float8)`
