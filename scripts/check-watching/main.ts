import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { type BrowserContext, chromium } from '@playwright/test'
import { Redis } from 'ioredis'
import { ownDatabase } from '@/bench/own-database'
import { connectPostgres } from '@/db/postgres/client'
import { migratePostgres } from '@/db/postgres/migrate'
import { selectPulse } from '@/db/postgres/queries/processes'
import { ensureBrowser } from '@/scripts/browser'
import { buildConsole } from '@/scripts/build-console'
import { startRedis } from '@/scripts/engines/redis'
import { freePort } from '@/scripts/free-port'
import { prepareAccess } from '@/scripts/prepare-access'
import { startRole, stopAll, waitForHttp, waitForOutput } from '@/scripts/processes'

/**
 * `npm run check:watching -- --seconds 300`: whether a Redis of a million keys and a sorted set of a million members feels that every page on
 * Redis is open (R8). See docs/proofs.md.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    rate: { type: 'string', default: '1000' },
    keys: { type: 'string', default: '1000000' },
  },
})
const [seconds, rate, keys] = [Number(values.seconds), Number(values.rate), Number(values.keys)]
const PAGES = ['/', '/cache', '/cache/keys', '/cache/kv', '/sessions', '/leaderboards', '/limits', '/flags']
const SLOW_USEC = 2_000
/** Those of this check; every other one is Engram's. */
const OURS = ['watching-load', 'watching-check']
const GOALS = { p99: 1.1, ownShare: 0.1 }
const run = promisify(execFile)
/** As many as there are before any were given away. */
const PROCESSORS = availableParallelism()

const given = process.env.DATABASE_URL
if (!given) throw new Error('check:watching needs DATABASE_URL: a Postgres that runs in processes of its own')
const database = await ownDatabase(given, 'engram_watching')
const engine = await startRedis({
  dataDir: 'memory',
  options: ['--slowlog-log-slower-than', String(SLOW_USEC), '--slowlog-max-len', '1000'],
})
const [consolePort, gatewayPort] = [await freePort(), await freePort()]
const env = {
  DATABASE_URL: database.url,
  REDIS_URL: engine.url,
  CONSOLE_PORT: String(consolePort),
  CONSOLE_URL: `http://localhost:${consolePort}`,
  GATEWAY_PORT: String(gatewayPort),
  AUTH_SECRET: 'only-for-this-check-and-thrown-away-after-it',
}
Object.assign(process.env, env)
await migratePostgres(database.url)
const access = await prepareAccess({}, { simulated: false })
const db = connectPostgres({ url: database.url, poolSize: 1, deadlineMs: 5_000, applicationName: 'check' })
const redis = new Redis(engine.url, { connectionName: 'watching-check' })
const apart = keepApart(engine.pid)
const spinners = spin()

console.log(`filling Redis with ${keys} keys and a sorted set of as many members`)
await fill()
await buildConsole()
const running = [startRole('worker', env), startRole('console', env)]
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: ['--no-sandbox', '--disable-gpu'] })
try {
  const [worker, web] = running
  if (worker) await waitForOutput(worker)
  if (web) await waitForHttp(`${env.CONSOLE_URL}/sign-in`, web)
  await redis.call('SLOWLOG', 'RESET')

  const before = await load(seconds / 2)
  const pages = await openPages()
  await sleep(15_000) // until the figures of the own cost are of this stretch alone
  const statsBefore = await commandStats()
  const watched = performance.now()
  const shares: number[] = []
  let reading = true
  const reader = (async () => {
    for (; reading; await sleep(2_000)) shares.push(((await selectPulse(db)).ownMsPerSecond.redis ?? 0) / 1_000)
  })()
  const during = await load(seconds)
  reading = false
  await reader
  const seen = (performance.now() - watched) / 1_000
  const cost = ownUsec(statsBefore, await commandStats(), during.gets) / 1e6 / seen
  for (const context of pages) await context.close()
  const after = await load(seconds / 2)

  const slow = await slowOnes()
  const without = (before.p99 + after.p99) / 2
  const shown = shares.reduce((sum, share) => sum + share, 0) / shares.length
  const off = Math.abs(shown / cost - 1)
  console.log(`p99 of ${rate} GET/s: ${during.p99} µs watched / ${without} µs not (${before.p99} before, ${after.p99} after) = ${(during.p99 / without).toFixed(3)}, goal at most ${GOALS.p99}`) // prettier-ignore
  console.log(`p50: ${during.p50} µs watched, ${before.p50} before, ${after.p50} after`)
  console.log(`own share of Redis' time: ${percent(shown)} by the footer, ${percent(cost)} by commandstats, ${percent(off)} apart, goal at most ${percent(GOALS.ownShare)}`) // prettier-ignore
  console.log(`commands above ${SLOW_USEC / 1_000} ms that Engram sent: ${slow.length}, goal none`)
  for (const one of slow.slice(0, 10)) console.log(`  ${one}`)
  process.exitCode = during.p99 / without <= GOALS.p99 && off <= GOALS.ownShare && slow.length === 0 ? 0 : 1
} finally {
  await browser.close()
  for (const spinner of spinners) spinner.kill('SIGKILL')
  await stopAll(running)
  redis.disconnect()
  await db.close()
  await engine.stop()
  await database.drop()
}

/**
 * Gives Redis and the load the first processor, and everything else the others: on a machine of few, the browser would take
 * theirs, and what is measured is Redis, not the machine. False where that cannot be done.
 */
function keepApart(pid: number): boolean {
  try {
    execFileSync('taskset', ['-a', '-cp', '0', String(pid)], { stdio: 'ignore' })
    execFileSync('taskset', ['-a', '-cp', `1-${PROCESSORS - 1}`, String(process.pid)], { stdio: 'ignore' })
    neverPutAside(pid)
    return true
  } catch {
    console.log('taskset is missing, or there is one processor: all share the same ones')
    return false
  }
}

/** The slow log takes the time in which another process has the processor for Redis' own: with this, none has. */
function neverPutAside(pid: number) {
  try {
    execFileSync('chrt', ['-a', '-f', '-p', '1', String(pid)], { stdio: 'ignore' })
  } catch {
    console.log('Redis gets no priority here (chrt): its slow log may hold commands that waited for the processor')
  }
}

/**
 * Keeps the other processors busy from beginning to end, behind everything else: two of them are often halves of one, and an
 * idle machine would be compared with a busy one.
 */
function spin(): ChildProcess[] {
  const loop = ['-n', '19', process.execPath, '-e', 'for (;;);']
  return Array.from({ length: apart ? PROCESSORS - 1 : 0 }, () => spawn('nice', loop, { stdio: 'ignore' }))
}

async function fill() {
  const STEP = 10_000
  const set = `for i = ARGV[1], ARGV[1] + ${STEP - 1} do redis.call('SET', 'app:cache:' .. i, string.rep('x', 64), 'EX', 86400) end`
  const rank = `for i = ARGV[1], ARGV[1] + ${STEP - 1} do redis.call('ZADD', 'app:board', i, 'member-' .. i) end`
  for (let from = 0; from < keys; from += STEP) {
    await redis.eval(set, 0, from)
    await redis.eval(rank, 0, from)
  }
}

type Load = { gets: number; p50: number; p99: number; most: number }
async function load(forSeconds: number): Promise<Load> {
  const program = [process.execPath, '--import', 'tsx', 'scripts/check-watching/load.ts', engine.url]
  const [file = '', ...args] = apart ? ['taskset', '-c', '0', ...program] : program
  const { stdout } = await run(file, [...args, ...[keys, rate, forSeconds].map(String)])
  return JSON.parse(stdout) as Load
}

/** Each in a browser of its own, in front: a page in the background asks for nothing, and six of one browser share its connections. */
async function openPages(): Promise<BrowserContext[]> {
  const viewport = { width: 1440, height: 900 }
  const first = await browser.newContext({ viewport })
  const page = await first.newPage()
  await page.goto(`${env.CONSOLE_URL}/sign-in`)
  await page.getByLabel('Email').fill(access.email)
  await page.getByLabel('Password').fill(access.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  const storageState = await first.storageState()
  await first.close()
  const contexts: BrowserContext[] = []
  for (const path of PAGES) {
    const context = await browser.newContext({ viewport, storageState })
    contexts.push(context)
    const page = await context.newPage()
    await page.goto(env.CONSOLE_URL + path)
    await page.locator('main section').first().waitFor()
    await page
      .getByText(/^Loading /)
      .first()
      .waitFor({ state: 'detached' })
  }
  return contexts
}

type Stats = Map<string, { calls: number; usec: number }>
async function commandStats(): Promise<Stats> {
  const lines = (await redis.info('commandstats')).matchAll(/cmdstat_([^:]+):calls=(\d+),usec=(\d+)/g)
  return new Map(
    Array.from(lines, ([, name = '', calls, usec]) => [name, { calls: Number(calls), usec: Number(usec) }]),
  )
}

/** What Redis spent on commands of others than the load, microseconds. Of GET, by the share of the calls. */
function ownUsec(from: Stats, to: Stats, gets: number): number {
  let sum = 0
  for (const [name, { calls, usec }] of to) {
    const before = from.get(name) ?? { calls: 0, usec: 0 }
    const [newCalls, spent] = [calls - before.calls, usec - before.usec]
    sum += name === 'get' && newCalls > 0 ? spent * Math.max(0, 1 - gets / newCalls) : spent
  }
  return sum
}

async function slowOnes(): Promise<string[]> {
  type Entry = [id: number, at: number, usec: number, args: string[], address: string, name: string]
  const entries = (await redis.call('SLOWLOG', 'GET', '1000')) as Entry[]
  return entries
    .filter(([, , , , , name]) => !OURS.includes(name))
    .map(([, , usec, args, , name]) => `${usec} µs, ${name}: ${args.join(' ').slice(0, 120)}`)
}

function percent(share: number) {
  return `${(share * 100).toFixed(2)} %`
}
