import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migratePostgres } from '@/db/postgres/migrate'
import { serverEnv } from '@/server/env'
import { buildConsole } from './build-console'
import { startEngines } from './engines/start'
import { type Running, startProcess, startRole, stopAll, waitForHttp } from './processes'
import { type DemoAccess, prepareAccess, signInLinkFor } from './prepare-access'

/**
 * The whole of Engram on one machine: engines, schema, access, build, the three processes and a simulated
 * application. A second start keeps the data. Ctrl-C stops everything that was started here.
 */
const home = process.env.ENGRAM_HOME ?? '.engram'
const traffic = process.env.ENGRAM_DEMO_TRAFFIC !== '0'
const stateFile = join(home, 'demo.json')

const started = Date.now()
const say = (text: string) => console.log(`demo     ${text}`)
const running: Running[] = []
const stopping: (() => Promise<void>)[] = []
let ending = false

async function stop(code: number) {
  if (ending) return
  ending = true
  say('stopping')
  await stopAll([...running].reverse())
  for (const end of stopping.reverse()) await end()
  process.exit(code)
}

async function main() {
  mkdirSync(home, { recursive: true })
  const { consolePort, gatewayPort, consoleUrl, gatewayUrl } = serverEnv()
  const engines = await startEngines({ home, memory: false })
  stopping.push(engines.stop)
  for (const line of engines.describe) say(line)
  const before = existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')) as Partial<DemoState>) : {}
  const env = {
    DATABASE_URL: engines.databaseUrl,
    REDIS_URL: engines.redisUrl,
    CONSOLE_PORT: String(consolePort),
    GATEWAY_PORT: String(gatewayPort),
    CONSOLE_URL: consoleUrl,
    GATEWAY_URL: gatewayUrl,
    AUTH_SECRET: process.env.AUTH_SECRET ?? before.authSecret ?? randomBytes(32).toString('base64url'),
  }
  Object.assign(process.env, env)

  await migratePostgres(env.DATABASE_URL)
  const access = await prepareAccess(before, { simulated: traffic })
  const state: DemoState = {
    consoleUrl,
    gatewayUrl,
    ...access,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    authSecret: env.AUTH_SECRET,
  }
  writeFileSync(stateFile, JSON.stringify(state, null, 2), { mode: 0o600 })

  const gateway = launch(startRole('gateway', env))
  launch(startRole('worker', env))
  await waitForHttp(`http://localhost:${gatewayPort}/healthz`, gateway)
  const simulated = traffic ? simulate(env, access) : Promise.resolve()
  say('building the console unless it is built')
  const built = await buildConsole()
  if (built) say('console built')
  const webConsole = launch(startRole('console', env))
  await Promise.all([waitForHttp(`http://localhost:${consolePort}/sign-in`, webConsole), simulated])

  const link = await signInLinkFor(access.email)
  say(
    `ready after ${((Date.now() - started) / 1000).toFixed(0)} s · gateway ${gatewayUrl}, its calls at ${gatewayUrl}/docs`,
  )
  say(`access, also by password, is in ${stateFile} · Ctrl-C stops everything`)
  console.log(`Engram is at ${consoleUrl} · sign in, once, with ${link}`)
}

type DemoState = DemoAccess & {
  consoleUrl: string
  gatewayUrl: string
  databaseUrl: string
  redisUrl: string
  authSecret: string
}

/** A process that ends by itself takes the demo with it: half an Engram would only confuse. */
function launch(process: Running): Running {
  running.push(process)
  void process.exited.then((code) => {
    if (ending) return
    say(`${process.name} ended with code ${code}`)
    void stop(1)
  })
  return process
}

/** Starts the simulated application; resolves once its past is filled in. */
function simulate(env: Record<string, string>, access: DemoAccess): Promise<void> {
  const application = launch(
    startProcess('app', ['--import', 'tsx', 'scripts/simulate/main.ts'], {
      GATEWAY_URL: env.GATEWAY_URL ?? '',
      APP_KEY: access.appKey,
      OPERATOR_KEY: access.operatorKey,
    }),
  )
  return new Promise((resolve) => application.child.once('message', () => resolve()))
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  void stop(1)
})
