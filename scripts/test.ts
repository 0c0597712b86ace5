import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { ensureBrowser } from './browser'
import { freePort } from './free-port'
import { startProcess, stopAll } from './processes'

/**
 * `npm test`: format, lint, types, tests against real engines, and the browser journeys against a demo of its own.
 * DATABASE_URL and REDIS_URL choose other engines. `--only tests,journeys` leaves the static checks out.
 */
const parts = process.argv.includes('--only')
  ? (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',')
  : ['verify', 'tests', 'journeys']

const HOME = '.engram/journeys'
const READY_MS = 240_000

type Count = { passed: number; failed: number }

const run = (command: string, args: string[], env: Record<string, string> = {}) =>
  new Promise<number>((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.once('exit', (code) => resolve(code ?? 1))
  })

async function check(name: string, command: string, args: string[]): Promise<Count> {
  const failed = (await run(command, args)) === 0 ? 0 : 1
  console.log(`${failed ? 'FAILED' : 'ok'}: ${name}`)
  return { passed: 1 - failed, failed }
}

async function verify(): Promise<Count> {
  return sum([
    await check('format', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']),
    await check('lint and import directions', 'npm', ['run', '--silent', 'lint']),
    await check('types', 'npm', ['run', '--silent', 'types']),
  ])
}

async function tests(): Promise<Count> {
  const report = 'test-results/tests.json'
  const code = await run('npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  ) as Record<string, number>
  if (numPendingTests) console.log(`${numPendingTests} tests did not run`)
  const failed = (numFailedTests ?? 0) + (numPendingTests ?? 0) || (numFailedTestSuites ?? 0)
  return { passed: numPassedTests ?? 0, failed: code !== 0 && failed === 0 ? 1 : failed }
}

async function journeys(): Promise<Count> {
  const report = 'test-results/journeys.json'
  rmSync(HOME, { recursive: true, force: true })
  ensureBrowser()
  const [consolePort, gatewayPort] = [await freePort(), await freePort()]
  const demo = startProcess('demo', ['--import', 'tsx', 'scripts/demo.ts'], {
    ENGRAM_HOME: HOME,
    ENGRAM_DEMO_TRAFFIC: '0',
    CONSOLE_PORT: String(consolePort),
    GATEWAY_PORT: String(gatewayPort),
  })
  try {
    await readyLine(demo.child.stdout)
    const code = await run('npx', ['playwright', 'test'], { ENGRAM_HOME: HOME })
    if (!existsSync(report)) return { passed: 0, failed: 1 }
    const { expected, unexpected, skipped, flaky } = (
      JSON.parse(readFileSync(report, 'utf8')) as {
        stats: Record<'expected' | 'unexpected' | 'skipped' | 'flaky', number>
      }
    ).stats
    const failed = unexpected + skipped
    return { passed: expected + flaky, failed: code !== 0 && failed === 0 ? 1 : failed }
  } finally {
    await stopAll([demo], 15_000)
  }
}

function readyLine(output: NodeJS.ReadableStream | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The demo was not ready within ${READY_MS / 1000} s.`)), READY_MS)
    output?.on('data', (chunk: string) => {
      if (!chunk.includes('Engram is at')) return
      clearTimeout(timer)
      resolve()
    })
    output?.once('end', () => reject(new Error('The demo ended before it was ready; its last lines are above.')))
  })
}

const sum = (counts: Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
})

mkdirSync('test-results', { recursive: true })
const steps: Record<string, () => Promise<Count>> = { verify, tests, journeys }
const counts: Count[] = []
for (const part of parts) {
  const step = steps[part]
  if (!step) throw new Error(`No such part: ${part}. There are ${Object.keys(steps).join(', ')}.`)
  const count = await step().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return { passed: 0, failed: 1 }
  })
  console.log(`${part}: ${count.passed} passed, ${count.failed} failed`)
  counts.push(count)
}
const total = sum(counts)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)
