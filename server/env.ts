import { z } from 'zod'

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback)

const schema = z.object({
  CONSOLE_PORT: port(3000),
  GATEWAY_PORT: port(4000),
  /** Streams that one gateway keeps open at most. */
  GATEWAY_MAX_STREAMS: z.coerce.number().int().min(0).max(100_000).default(1_000),
  /** Seconds that each step of a guarded rollout is observed at least; less is for trying it out. */
  ROLLOUT_MIN_OBSERVE_SECONDS: z.coerce.number().int().min(1).max(86_400).default(60),
  /** Where browsers reach the console; sign-in links and cookies are made for it. */
  CONSOLE_URL: z.url().optional(),
  /** Where applications reach the gateway; the lines under "Connect an application" name it. */
  GATEWAY_URL: z.url().optional(),
  /** Signs operators' cookies. */
  AUTH_SECRET: z.string().min(32, 'needs at least 32 characters').optional(),
})

/** Reads the settings of the server layer; throws one message that names every variable that is wrong. */
export function serverEnv(source: Record<string, string | undefined> = process.env) {
  const parsed = schema.safeParse(source)
  if (!parsed.success)
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const { CONSOLE_PORT, GATEWAY_PORT, CONSOLE_URL, GATEWAY_URL, AUTH_SECRET } = parsed.data
  return {
    consolePort: CONSOLE_PORT,
    gatewayPort: GATEWAY_PORT,
    gatewayMaxStreams: parsed.data.GATEWAY_MAX_STREAMS,
    rolloutMinObserveSeconds: parsed.data.ROLLOUT_MIN_OBSERVE_SECONDS,
    consoleUrl: CONSOLE_URL ?? `http://localhost:${CONSOLE_PORT}`,
    gatewayUrl: GATEWAY_URL ?? `http://localhost:${GATEWAY_PORT}`,
    authSecret: AUTH_SECRET,
  }
}

const DEVELOPMENT_SECRET = 'for next dev only: no secret at all'

/** What signs operators' cookies; only `next dev` goes without one of its own. Asked for by the console alone. */
export function authSecret(source: Record<string, string | undefined> = process.env): string {
  const { authSecret: secret } = serverEnv(source)
  if (secret) return secret
  if (source.NODE_ENV === 'production')
    throw new Error('AUTH_SECRET: is missing. Set it to at least 32 random characters, e.g. from: openssl rand -hex 32')
  return DEVELOPMENT_SECRET
}
