import { z } from 'zod'

const MAX_BYTES = 64_000
const MAX_DEPTH = 32
const UNSTORABLE = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Why jsonb would refuse or change the value; null when it keeps it. Walks without recursion: input may be deep. */
function whyNotStorable(root: unknown): string | null {
  const open = [{ value: root, depth: 1 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next
    if (depth > MAX_DEPTH) return `must not be nested deeper than ${MAX_DEPTH}`
    if (typeof value === 'string' && UNSTORABLE.test(value)) return 'must not contain NUL or lone surrogates'
    if (typeof value === 'number' && !Number.isFinite(value)) return 'must not contain numbers beyond 1.8e308'
    if (typeof value !== 'object' || value === null) continue
    if (Object.keys(value).some((key) => UNSTORABLE.test(key))) return 'must not contain NUL or lone surrogates'
    for (const child of Object.values(value)) open.push({ value: child, depth: depth + 1 })
  }
  return new TextEncoder().encode(JSON.stringify(root)).length > MAX_BYTES ? 'must not exceed 64 kB as JSON' : null
}

/** A JSON object, kept as it came. Not z.record: that would drop a key named __proto__ without a word. */
export const promptConfig = z
  .any()
  .meta({ type: 'object', additionalProperties: true })
  .transform((value: unknown, context): Record<string, unknown> => {
    const problem = isObject(value) ? whyNotStorable(value) : 'must be a JSON object'
    if (problem) context.addIssue({ code: 'custom', message: problem })
    return isObject(value) ? value : {}
  })
