import { randomUUID } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import { connectPostgres } from '@/db/postgres/client'
import { postgresEnv } from '@/db/postgres/env'
import { insertOperator, type OperatorRole, upsertPasswordHash } from '@/db/postgres/queries/operators'
import { connectRedis } from '@/db/redis/client'
import { redisEnv } from '@/db/redis/env'
import { faultyLink } from '@/scripts/faults/faulty-link'
import type { Stores } from '@/server/services/context'
import type { createAuth } from './auth'

export const password = 'correct horse battery'
const origin = 'http://localhost:3000'

/** Both stores behind links that a test can cut and mend. */
export async function faultyStores() {
  const postgresLink = await faultyLink(postgresEnv().url)
  const redisLink = await faultyLink(redisEnv().urls[0] ?? '')
  const db = connectPostgres({ url: postgresLink.url, poolSize: 4, deadlineMs: 3_000, applicationName: 'engram-test' })
  const redis = connectRedis({ urls: [redisLink.url], name: 'engram-test', deadlineMs: 200 })
  await redis.ready()
  const close = async () => {
    redis.close()
    await db.close()
    await Promise.all([postgresLink.close(), redisLink.close()])
  }
  return { stores: { db, redis } satisfies Stores, postgresLink, redisLink, close }
}

/** Once for all: it is slow on purpose. */
const hashed = hashPassword(password)

/** An operator with the test's password. */
export async function makeOperator({ db }: Pick<Stores, 'db'>, role: OperatorRole) {
  const [id, email] = [randomUUID(), `${randomUUID()}@example.com`]
  await insertOperator(db, { id, email, name: `Test ${role}`, role })
  await upsertPasswordHash(db, id, await hashed)
  return { id, email }
}

/** What a browser does: signs in, keeps the cookie, opens a link. */
export function browser(auth: ReturnType<typeof createAuth>) {
  let cookie = ''
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = { origin, 'content-type': 'application/json', 'x-forwarded-for': `10.1.1.${randomByte()}`, cookie }
    const reply = await auth.handler(new Request(new URL(path, origin), { ...init, headers }))
    const [set] = reply.headers.getSetCookie()
    if (set) cookie = set.split(';')[0] ?? ''
    return reply
  }
  const post = (path: string, body: unknown) => send(path, { method: 'POST', body: JSON.stringify(body) })
  return {
    signIn: (email: string, secret = password) => post('/api/auth/sign-in/email', { email, password: secret }),
    signOut: () => post('/api/auth/sign-out', {}),
    open: (link: string) => send(link, { redirect: 'manual' }),
    headers: () => new Headers({ cookie }),
  }
}

const randomByte = () => Math.floor(Math.random() * 255)
