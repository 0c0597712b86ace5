import { parseArgs } from 'node:util'
import { postmasterOf, postmasterOptions, whole } from '@/scripts/checks/options'

/** Rules that are known to be wrong: each must make the run fail. */
export const controls = ['forgotten-jobs', 'careless-detach'] as const
export type Control = (typeof controls)[number]

/** All items are asked for at once. */
const MOST_ROWS = 1_000

/** The command line of `npm run check:vectors`. */
export function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      cycles: { type: 'string', default: '200' },
      lanes: { type: 'string', default: '8' },
      clients: { type: 'string', default: '4' },
      rows: { type: 'string' },
      seed: { type: 'string', default: '1' },
      control: { type: 'string' },
      ...postmasterOptions,
    },
  })
  const from1 = (name: 'cycles' | 'lanes' | 'clients' | 'seed') => whole(name, values[name], 1)
  const control = controls.find((known) => known === values.control) ?? null
  if (values.control !== undefined && control === null) throw new Error(`--control may be ${controls.join(' or ')}`)
  return {
    cycles: from1('cycles'),
    lanes: from1('lanes'),
    clients: from1('clients'),
    seed: from1('seed'),
    /** Null is as many as the engine carries. */
    rows: values.rows === undefined ? null : rowsOf(values.rows),
    postgres: postmasterOf(values),
    control,
  }
}

function rowsOf(text: string): number {
  const rows = whole('rows', text, 50)
  if (rows > MOST_ROWS) throw new Error(`--rows may be ${MOST_ROWS} at most: what a search answers`)
  return rows
}
