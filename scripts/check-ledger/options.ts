import { parseArgs } from 'node:util'
import { postmasterOf, postmasterOptions, whole } from '@/scripts/checks/options'

/** The command line of `npm run check:ledger`. */
export function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      cycles: { type: 'string', default: '200' },
      clients: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      control: { type: 'string' },
      ...postmasterOptions,
    },
  })
  const from1 = (name: 'cycles' | 'clients' | 'seed') => whole(name, values[name], 1)
  const { control } = values
  const postgres = postmasterOf(values)
  if (control !== undefined && control !== 'synchronous-commit-off')
    throw new Error('--control may be synchronous-commit-off')
  if (control && !postgres) throw new Error('--control needs --kill-postgres and --start-postgres')
  return {
    cycles: from1('cycles'),
    clients: from1('clients'),
    seed: from1('seed'),
    postgres,
    control: control !== undefined,
  }
}
