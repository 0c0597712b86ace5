import { z } from 'zod'

const schema = z.object({
  /** One URL, or several separated by commas for a Redis Cluster. */
  REDIS_URL: z
    .string({ error: 'must be a redis:// URL' })
    .transform((list) => list.split(','))
    .pipe(z.array(z.url({ protocol: /^rediss?$/, error: 'must be a redis:// URL' })).min(1)),
})

/** Reads the settings of this layer; throws one message that names the variable that is wrong. */
export function redisEnv(source: Record<string, string | undefined> = process.env) {
  const parsed = schema.safeParse(source)
  if (parsed.success) return { urls: parsed.data.REDIS_URL }
  throw new Error(parsed.error.issues.map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`).join('\n'))
}
