import { initTRPC } from '@trpc/server'
import { AppError } from '@/server/errors'
import type { Caller } from '@/server/services/context'
import { pulseOf } from '@/server/services/live/pulse'
import type { Context } from './context'
import { asTrpcError } from './trpc-errors'

const SECOND = 1_000

const t = initTRPC.context<Context>().create({
  // `field` names the input that was wrong (R13). Stacks stay here.
  errorFormatter: ({ shape, error }) => {
    const { message, cause } = asTrpcError(error)
    const { code, httpStatus, path } = shape.data
    return {
      ...shape,
      message,
      data: { code, httpStatus, path, field: cause instanceof AppError ? cause.field : undefined },
    }
  },
  sse: { ping: { enabled: true, intervalMs: 10 * SECOND }, client: { reconnectAfterInactivityMs: 25 * SECOND } },
})

export const router = t.router
export const createCallerFactory = t.createCallerFactory

const mapErrors = t.middleware(async ({ next }) => {
  const result = await next()
  if (!result.ok) throw asTrpcError(result.error)
  return result
})

const signedIn = t.middleware(({ ctx, next }) => {
  const { stores, operator } = ctx
  if (!operator) throw new AppError('unauthorized', 'Sign in first.')
  const caller: Caller = { ...stores, actor: operator }
  return next({ ctx: { stores, operator, caller } })
})

/** R5: while Postgres is known to be down, nobody waits for its deadline. The pulse itself goes on, to see it return. */
const failFast = t.middleware(({ ctx, type, next }) => {
  if (type !== 'subscription' && pulseOf(ctx.stores).postgresDown())
    throw new AppError('unavailable', 'Postgres does not answer right now. Nothing was changed; try again.')
  return next()
})

/**
 * The base of every procedure: somebody is signed in. Reads take `ctx.stores`, changes `ctx.caller`; what a role may
 * change is checked where the change is made (`change()`, R10), so that no procedure can forget it.
 */
export const viewer = t.procedure.use(mapErrors).use(signedIn).use(failFast)
