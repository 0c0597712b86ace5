import { parseArgs } from 'node:util'
import { whole } from '@/scripts/checks/options'
import { type Control, controlNames } from './controls'

export type Options = {
  /** Acknowledged activations and rollbacks until the run ends. */
  activations: number
  readers: number
  prompts: number
  writers: number
  gateways: number
  workers: number
  /** Processes killed with SIGKILL; every third dies between commit and apply. */
  kills: number
  /** Gateways stopped for a while with SIGSTOP. */
  pauses: number
  /** Times that Redis freezes. */
  freezes: number
  longestFreezeMs: number
  /** Milliseconds that a statement takes longer than it would. */
  databaseDelayMs: number
  /** Milliseconds between two reads of one reader, on average. */
  pauseMs: number
  seed: number
  /** Let readers and writers follow a rule that is known to be wrong. */
  control: Control | null
  /** Where the history is written. */
  directory: string
}

/** The command line; what it leaves out depends on how many activations there shall be. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      activations: { type: 'string', default: '1000' },
      readers: { type: 'string', default: '64' },
      kills: { type: 'string' },
      freezes: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      control: { type: 'string' },
    },
  })
  const activations = whole('activations', values.activations, 1)
  const seed = whole('seed', values.seed, 0)
  return {
    ...usual,
    activations,
    readers: whole('readers', values.readers, 8),
    kills: whole('kills', values.kills ?? String(Math.ceil(activations / 100)), 0),
    pauses: Math.ceil(activations / 200),
    freezes: whole('freezes', values.freezes ?? String(Math.ceil(activations / 500)), 0),
    seed,
    control: values.control === undefined ? null : controlOf(values.control),
    directory: `.engram/check-staleness/${new Date().toISOString().replaceAll(':', '-')}`,
  }
}

export const usual = {
  prompts: 4,
  writers: 6,
  gateways: 3,
  workers: 2,
  longestFreezeMs: 5_000,
  databaseDelayMs: 20,
  pauseMs: 50,
}

function controlOf(name: string): Control {
  const control = controlNames.find((known) => known === name)
  if (!control) throw new Error(`--control must be one of ${controlNames.join(', ')}`)
  return control
}
