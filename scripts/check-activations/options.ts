import { parseArgs } from 'node:util'

/** The command line of `npm run check:activations`. */
export function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      clients: { type: 'string', default: '32' },
      each: { type: 'string', default: '1000' },
      prompts: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
    },
  })
  const whole = (name: keyof typeof values) => {
    const value = Number(values[name])
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1 on`)
    return value
  }
  return { clients: whole('clients'), each: whole('each'), prompts: whole('prompts'), seed: whole('seed') }
}
