import { z } from 'zod'

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(8),
})

/** Reads the settings of this layer; throws one message that names every variable that is wrong. */
export function postgresEnv(source: Record<string, string | undefined> = process.env) {
  const parsed = schema.safeParse(source)
  if (parsed.success) return { url: parsed.data.DATABASE_URL, poolSize: parsed.data.DATABASE_POOL_SIZE }
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
}
