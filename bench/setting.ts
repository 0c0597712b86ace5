import { randomUUID } from 'node:crypto'
import { migratePostgres } from '@/db/postgres/migrate'
import { keys } from '@/db/redis/keys'
import { startEngines } from '@/scripts/engines/start'
import { freePort } from '@/scripts/free-port'
import { prepareAccess } from '@/scripts/prepare-access'
import { type Running, startProcess, startRole, stopAll, waitForHttp } from '@/scripts/processes'
import { ownDatabase } from './own-database'

export type Setting = {
  gatewayUrl: string
  bareUrl: string
  databaseUrl: string
  /** Whether Postgres is the embedded one. */
  embedded: boolean
  redisUrl: string
  appKey: string
  promptName: string
}

/**
 * Engines (a database of its own beside that of DATABASE_URL, and REDIS_URL; else embedded ones), a gateway with one active
 * prompt, the bare server.
 */
export async function startSetting(): Promise<Setting & { stop: () => Promise<void> }> {
  const given = process.env.DATABASE_URL ? await ownDatabase(process.env.DATABASE_URL, 'engram_bench') : null
  if (given) process.env.DATABASE_URL = given.url
  const engines = await startEngines({ home: '.engram/bench', memory: true })
  const [gatewayPort, barePort] = [await freePort(), await freePort()]
  const env = { DATABASE_URL: engines.databaseUrl, REDIS_URL: engines.redisUrl, GATEWAY_PORT: String(gatewayPort) }
  Object.assign(process.env, env)
  await migratePostgres(engines.databaseUrl)
  const access = await prepareAccess({}, { simulated: false })
  const running: Running[] = [startRole('gateway', env)]
  const stop = async () => {
    await stopAll(running)
    await engines.stop()
    await given?.drop()
  }
  try {
    const gatewayUrl = `http://127.0.0.1:${gatewayPort}`
    const bareUrl = `http://127.0.0.1:${barePort}/`
    if (running[0]) await waitForHttp(`${gatewayUrl}/healthz`, running[0])
    const promptName = `bench/${randomUUID()}`
    await activate(gatewayUrl, access.operatorKey, promptName)
    const bare = startProcess('bare', ['--import', 'tsx', 'bench/bare-server.ts'], {
      ...env,
      NODE_ENV: 'production',
      BARE_PORT: String(barePort),
      BARE_KEY: keys.prompt(promptName, 'production'),
    })
    running.push(bare)
    await fetch(`${gatewayUrl}/v1/prompts/${encodeURIComponent(promptName)}`, bearer(access.appKey))
    await waitForHttp(bareUrl, bare)
    const { databaseUrl, redisUrl } = engines
    const embedded = given === null
    return { gatewayUrl, bareUrl, databaseUrl, embedded, redisUrl, appKey: access.appKey, promptName, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } })

async function activate(gatewayUrl: string, key: string, name: string) {
  const post = async (path: string, body: unknown) => {
    const reply = await fetch(gatewayUrl + path, { ...bearer(key), method: 'POST', body: JSON.stringify(body) })
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`)
  }
  const prompt = `/v1/prompts/${encodeURIComponent(name)}`
  await post('/v1/prompts', { name })
  await post(`${prompt}/versions`, { content: 'Answer in one sentence.\n'.repeat(40) })
  await post(`${prompt}/activate`, { version: 1 })
}
