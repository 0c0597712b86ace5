import { mkdirSync } from 'node:fs'
import { connectCaller } from '@/scripts/checks/caller'
import { type Output, outputFile } from '@/scripts/checks/cluster'
import type { CheckedEngines } from '@/scripts/checks/engines'
import type { Caller } from '@/server/services/context'
import { controlRun } from './control-run'
import { faultyRun } from './faulty-run'
import type { Options } from './options'
import { askPostgres, type Truth } from './truth'
import type { Judged } from './verdict'

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
  const caller = await connectCaller(engines)
  const truth = askPostgres(engines.databaseUrl)
  const output = outputFile(options.directory)
  try {
    const run = { options, engines, caller, truth, output, say }
    return await (options.control ? controlRun(run, options.control) : faultyRun(run))
  } finally {
    await caller.close()
    await truth.close()
    output.close()
  }
}
