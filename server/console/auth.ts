import { betterAuth } from 'better-auth'
import { APIError, createAuthMiddleware, isAPIError } from 'better-auth/api'
import { magicLink } from 'better-auth/plugins/magic-link'
import { authAdapter } from '@/db/postgres/auth-adapter'
import { claimSignInLink, mayStillSignIn } from '@/db/postgres/queries/operators'
import { operatorStorage } from '@/db/redis/operators'
import { authSecret, serverEnv } from '@/server/env'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { minPasswordLength, signInLinkMinutes } from '@/server/services/operators/operators.schema'
import { hashOfLinkToken } from '@/server/services/operators/sign-in-link'
import { refuseGuessing } from './guesses'
import { trustedOrigins } from './origins'

const SESSION_SECONDS = 7 * 24 * 3600

/**
 * Who may sign in: operators that an admin made, by password or by a one-time link. Sessions stand in Postgres with a
 * copy in Redis. Everything that better-auth could do beyond that is closed in `auth-route.ts`.
 */
export function createAuth(stores: Stores) {
  const { consoleUrl } = serverEnv()
  return betterAuth({
    appName: 'Engram',
    baseURL: consoleUrl,
    basePath: '/api/auth',
    secret: authSecret(),
    trustedOrigins: trustedOrigins(consoleUrl),
    telemetry: { enabled: false },
    // Wrong passwords and foreign origins are answered, not logged; what nobody expected comes with an Error.
    logger: { level: 'error', log: (_level, message, ...details) => logFailures(message, details) },
    onAPIError: { errorURL: '/sign-in', onError: (error) => logFailures('request', [error]) },
    database: authAdapter(stores.db),
    secondaryStorage: operatorStorage(stores.redis),
    user: {
      additionalFields: {
        role: { type: 'string', input: false, defaultValue: 'viewer' },
        disabledAt: { type: 'date', input: false, required: false },
      },
    },
    // A fixed week: pages are rendered where a cookie cannot be prolonged.
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, storeSessionInDatabase: true },
    verification: { storeInDatabase: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength },
    plugins: [
      magicLink({
        disableSignUp: true,
        expiresIn: signInLinkMinutes * 60,
        storeToken: 'hashed',
        // One that `claimLink` takes, one that the plugin takes after it.
        allowedAttempts: 2,
        sendMagicLink: () => Promise.reject(new Error('Links are made by createSignInLink only')),
        rateLimit: { window: 60, max: 20 },
      }),
    ],
    // Per address that the request came from; `refuseGuessing` counts per account, which no forged header evades.
    rateLimit: {
      enabled: true,
      storage: 'secondary-storage',
      customRules: { '/sign-in/email': { window: 60, max: 30 } },
    },
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        if (ctx.path === '/sign-in/email') await refuseGuessing(stores, String(ctx.body?.email ?? ''))
        if (ctx.path === '/magic-link/verify') {
          const taken = await claimSignInLink(stores.db, hashOfLinkToken(String(ctx.query?.token ?? '')))
          if (!taken) throw ctx.redirect(`${consoleUrl}/sign-in?error=link`)
        }
      }),
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            if (!(await mayStillSignIn(stores.db, session.userId)))
              throw new APIError('FORBIDDEN', { code: 'DISABLED', message: 'Your access was disabled. Ask an admin.' })
          },
        },
      },
    },
    advanced: { cookiePrefix: 'engram' },
  })
}

function logFailures(message: string, details: unknown[]): void {
  const failure = details.find((detail) => detail instanceof Error && !isAPIError(detail))
  if (failure) logError('auth', failure, { message })
}

declare global {
  var engramAuth: ReturnType<typeof createAuth> | undefined
}

export const authFor = (stores: Stores) => (globalThis.engramAuth ??= createAuth(stores))
