import { parseArgs } from 'node:util'

/** The command line of `npm run check:ledger`. */
export function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      cycles: { type: 'string', default: '200' },
      clients: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      'kill-postgres': { type: 'string' },
      'start-postgres': { type: 'string' },
      control: { type: 'string' },
    },
  })
  const whole = (name: 'cycles' | 'clients' | 'seed') => {
    const value = Number(values[name])
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1 on`)
    return value
  }
  const { control, 'kill-postgres': kill, 'start-postgres': start } = values
  if (control !== undefined && control !== 'synchronous-commit-off')
    throw new Error('--control may be synchronous-commit-off')
  if ((kill === undefined) !== (start === undefined))
    throw new Error('--kill-postgres and --start-postgres go together: the commands that do it')
  if (control && !kill) throw new Error('--control needs --kill-postgres and --start-postgres')
  return {
    cycles: whole('cycles'),
    clients: whole('clients'),
    seed: whole('seed'),
    postgres: kill !== undefined && start !== undefined ? { kill, start } : null,
    control: control !== undefined,
  }
}
