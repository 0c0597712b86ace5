import { randomBytes } from 'node:crypto'
import { connectPostgres } from '@/db/postgres/client'
import { postgresEnv } from '@/db/postgres/env'
import { connectRedis } from '@/db/redis/client'
import { redisEnv } from '@/db/redis/env'
import { system, type Stores } from '@/server/services/context'
import { createKey } from '@/server/services/keys/create-key'
import type { Settings } from './services'
import { startGateway } from './start'

/** `redisUrl` as in the environment: several with commas are a cluster. */
type Options = Pick<Settings, 'self' | 'maxStreams'> & { databaseUrl?: string; redisUrl?: string }
export type Init = { method?: string; body?: unknown; key?: string; headers?: Record<string, string> }
export type Answer = { status: number; headers: Headers; body: Record<string, unknown> }

/** A gateway of a test's own, with keys, on the stores of the test run or those behind its faulty links. */
export async function testGateway({
  databaseUrl = postgresEnv().url,
  redisUrl = redisEnv().urls.join(),
  ...settings
}: Options = {}) {
  const db = connectPostgres({ url: databaseUrl, poolSize: 8, deadlineMs: 3_000, applicationName: 'test-gateway' })
  const redisUrls = redisUrl.split(',')
  const redis = connectRedis({ urls: redisUrls, name: 'test-gateway', deadlineMs: 100 })
  const stores: Stores = { db, redis }
  await redis.ready()
  const gateway = await startGateway({ stores, port: 0, host: '127.0.0.1', redisUrls, ...settings })
  const keyFor = async (scope: 'app' | 'operator', tenants: string[] | null = null) =>
    (await createKey({ ...stores, actor: system }, { name: 'test', scope, tenants })).key
  const keys = { app: await keyFor('app'), operator: await keyFor('operator') }

  /** Sends JSON with the operator key, unless told otherwise; strings and bytes go as they are. */
  const call = async (path: string, { method = 'GET', body, key = keys.operator, headers = {} }: Init = {}) => {
    const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const response = await fetch(gateway.url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: sent as BodyInit | undefined,
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} } as Answer
  }

  return {
    url: gateway.url,
    stores,
    keys,
    keyFor,
    call,
    stop: gateway.close,
    close: async () => {
      await gateway.close()
      redis.close()
      await db.close()
    },
  }
}

export const newTenant = () => `t-${randomBytes(6).toString('hex')}`
