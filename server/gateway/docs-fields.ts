/** One input or output field as /docs shows it. */
export type Field = { name: string; type: string; required: boolean; about: string }

type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  description?: string
  default?: unknown
  additionalProperties?: Schema | boolean
} & Partial<Record<(typeof ranges)[number][0 | 1], number>>

/** Pairs of bounds, and what they bound; a pair with both ends reads `1 to 100 characters`. */
const ranges = [
  ['minLength', 'maxLength', ' characters'],
  ['minimum', 'maximum', ''],
  ['exclusiveMinimum', 'exclusiveMaximum', ', both excluded'],
  ['minItems', 'maxItems', ' items'],
] as const

/** The fields of a JSON Schema, nested ones by their path: `events[].prompt.name`. */
export function fieldsOf(schema: object, prefix = ''): Field[] {
  const { properties = {}, required = [] } = objectIn(schema)
  return Object.entries(properties).flatMap(([key, property]) => {
    const name = prefix + key
    const field: Field = { name, type: typeOf(property), required: required.includes(key), about: aboutOf(property) }
    const isList = property.type === 'array'
    return [field, ...fieldsOf((isList ? property.items : property) ?? {}, `${name}${isList ? '[]' : ''}.`)]
  })
}

/** A field that may be null keeps its own fields. */
function objectIn(schema: Schema): Schema {
  return schema.properties ? schema : (schema.anyOf?.find((option) => option.properties) ?? {})
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' | ')
  if (schema.type === 'array') return `${typeOf(schema.items ?? {})}[]`
  if (schema.format === 'date-time') return 'ISO 8601 instant'
  return [schema.type ?? 'any JSON'].flat().join(' | ')
}

/** JavaScript's own bounds of safe integers are not worth saying. */
const telling = (limit: number | undefined) =>
  limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? limit : undefined

function boundsOf(schema: Schema): string[] {
  return ranges.flatMap(([least, most, unit]) => {
    const [low, high] = [telling(schema[least]), telling(schema[most])]
    if (low !== undefined && high !== undefined) return [`${low} to ${high}${unit}`]
    if (low !== undefined) return [`${low} or more${unit}`]
    return high === undefined ? [] : [`at most ${high}${unit}`]
  })
}

function aboutOf(schema: Schema): string {
  const options = [schema, ...(schema.anyOf ?? [])]
  const patterns = options.flatMap(({ pattern, format }) =>
    pattern && format === undefined ? [`matches ${pattern}`] : [],
  )
  const fallback = schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]
  return [schema.description, ...options.flatMap(boundsOf), ...patterns, ...fallback].filter(Boolean).join('; ')
}
