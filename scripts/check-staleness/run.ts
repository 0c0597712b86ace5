import { mkdirSync } from 'node:fs'
import { connectPostgres } from '@/db/postgres/client'
import { connectRedis } from '@/db/redis/client'
import { type Caller, system } from '@/server/services/context'
import { type Output, outputFile } from './cluster'
import { controlRun } from './control-run'
import type { CheckedEngines } from './engines'
import { faultyRun } from './faulty-run'
import type { Options } from './options'
import type { Judged } from './verdict'
import { askPostgres, type Truth } from './truth'

/** What a run works with, beside the processes that it starts. */
export type Run = {
  options: Options
  engines: CheckedEngines
  /** Straight to the engines, without a link. */
  caller: Caller
  truth: Truth
  output: Output
  say: (line: string) => void
}

/** Runs what the options say, judges the history, and leaves it in the directory. */
export async function checkStaleness(
  options: Options,
  engines: CheckedEngines,
  say: Run['say'] = () => {},
): Promise<Judged> {
  mkdirSync(options.directory, { recursive: true })
  const db = connectPostgres({ url: engines.databaseUrl, poolSize: 8, deadlineMs: 10_000, applicationName: 'check' })
  const redis = connectRedis({ urls: [engines.redisUrl], name: 'check', deadlineMs: 500 })
  const truth = askPostgres(engines.databaseUrl)
  const output = outputFile(options.directory)
  try {
    await redis.ready()
    const run = { options, engines, caller: { db, redis, actor: system }, truth, output, say }
    return await (options.control ? controlRun(run, options.control) : faultyRun(run))
  } finally {
    redis.close()
    await db.close()
    await truth.close()
    output.close()
  }
}
