import { parseArgs } from 'node:util'
import { whole } from '@/scripts/checks/options'

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
  const from1 = (name: keyof typeof values) => whole(name, values[name], 1)
  return { clients: from1('clients'), each: from1('each'), prompts: from1('prompts'), seed: from1('seed') }
}
