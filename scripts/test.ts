import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { ensureBrowser } from './browser'
import { ownDatabase } from './engines/own-database'
import { freePort } from './free-port'
import { startProcess, stopAll } from './processes'

/**
 * `npm test`: format, lint, types, tests against real engines, and the browser journeys against a demo of its own.
 * DATABASE_URL and REDIS_URL choose other engines; the journeys take a database of their own there.
 * `--only tests,journeys` leaves the static checks out.
 */
const parts = process.argv.includes('--only')
  ? (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',')
  : ['verify', 'tests', 'journeys']

const HOME = '.engram/journeys'
const READY_MS = 240_000

type Count = { passed: number; failed: number }

/** What failed, by name: said again at the end, where it is looked for. */
const failures: string[] = []
/** What failed first and held when it was run again. */
const unsteady: string[] = []

const run = (command: string, args: string[], env: Record<string, string> = {}) =>
  new Promise<number>((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.once('exit', (code) => resolve(code ?? 1))
  })

async function check(name: string, command: string, args: string[]): Promise<Count> {
  const failed = (await run(command, args)) === 0 ? 0 : 1
  console.log(`${failed ? 'FAILED' : 'ok'}: ${name}`)
  if (failed) failures.push(name)
  return { passed: 1 - failed, failed }
}

async function verify(): Promise<Count> {
  return sum([
    await check('format', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']),
    await check('lint and import directions', 'npm', ['run', '--silent', 'lint']),
    await check('types', 'npm', ['run', '--silent', 'types']),
  ])
}

interface TestReport {
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[]
}
type TestFile = TestReport['testResults'][number]

async function vitest(report: string, files: string[] = []): Promise<{ code: number; files: TestFile[] }> {
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await run('npx', ['vitest', 'run', ...reporters, ...files])
  if (!existsSync(report)) return { code: code || 1, files: [] }
  return { code, files: (JSON.parse(readFileSync(report, 'utf8')) as TestReport).testResults }
}

/**
 * A file in which something failed is run once more, without the load of all others beside it. What holds only then is
 * named as unsteady: that is for somebody to mend, and no reason to keep everything else back.
 */
async function tests(): Promise<Count> {
  const first = await vitest('test-results/tests.json')
  const bad = first.files.filter(({ status }) => status === 'failed')
  const again = bad.length === 0 ? first : await vitest('test-results/tests-again.json', bad.map(pathOf))
  for (const { file, fullName } of namesOf(bad, 'failed')) unsteady.push(`${file} › ${fullName}`)
  const counted = [...first.files.filter((file) => !bad.includes(file)), ...(bad.length === 0 ? [] : again.files)]
  for (const { file, fullName } of namesOf(counted, 'failed')) failures.push(`${file} › ${fullName}`)
  const passed = namesOf(counted, 'passed').length
  // A file that does not load has no tests that could fail, and one that did not run is no success.
  const failed = counted.flatMap(({ assertionResults }) => assertionResults).length - passed
  return { passed, failed: again.code !== 0 && failed === 0 ? 1 : failed }
}

const pathOf = ({ name }: TestFile) => relative('.', name)
const namesOf = (files: TestFile[], status: string) =>
  files.flatMap((file) =>
    file.assertionResults
      .filter((result) => result.status === status)
      .map(({ fullName }) => ({ file: pathOf(file), fullName })),
  )

interface JourneyReport {
  suites: { file: string; specs: { title: string; ok: boolean; tests: { status: string }[] }[] }[]
  stats: Record<'expected' | 'unexpected' | 'skipped' | 'flaky', number>
}

async function journeys(): Promise<Count> {
  const report = 'test-results/journeys.json'
  rmSync(HOME, { recursive: true, force: true })
  ensureBrowser()
  const [consolePort, gatewayPort] = [await freePort(), await freePort()]
  const given = process.env.DATABASE_URL
  const demo = startProcess('demo', ['--import', 'tsx', 'scripts/demo.ts'], {
    ENGRAM_HOME: HOME,
    ENGRAM_DEMO_TRAFFIC: '0',
    CONSOLE_PORT: String(consolePort),
    GATEWAY_PORT: String(gatewayPort),
    ...(given && { DATABASE_URL: await ownDatabase(given, 'engram_journeys') }),
  })
  try {
    await readyLine(demo.child.stdout)
    const code = await run('npx', ['playwright', 'test'], { ENGRAM_HOME: HOME })
    if (!existsSync(report)) return { passed: 0, failed: 1 }
    const { suites, stats } = JSON.parse(readFileSync(report, 'utf8')) as JourneyReport
    const { expected, unexpected, skipped, flaky } = stats
    for (const { file, specs } of suites)
      for (const { title, ok, tests } of specs) {
        if (!ok) failures.push(`e2e/${file} › ${title}`)
        if (tests.some(({ status }) => status === 'flaky')) unsteady.push(`e2e/${file} › ${title}`)
      }
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
for (const name of unsteady) if (!failures.includes(name)) console.log(`unsteady: ${name}`)
for (const name of failures) console.log(`failed: ${name}`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)
