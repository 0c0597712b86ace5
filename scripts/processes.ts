import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

export type Role = 'console' | 'gateway' | 'worker'

/** How each of the three processes is started; the console needs a build, the others run from source. */
function commandOf(role: Role, consolePort: number): string[] {
  if (role === 'console') return ['node_modules/next/dist/bin/next', 'start', '-p', String(consolePort)]
  return ['--import', 'tsx', `server/${role}/main.ts`]
}

export type Running = { name: string; child: ChildProcess; exited: Promise<number> }

/** Where what children write goes. */
export type Output = Record<'stdout' | 'stderr', NodeJS.WritableStream>

/** Starts a Node program as a child; its output goes through, each line behind its name. */
export function startProcess(
  name: string,
  args: string[],
  env: Record<string, string> = {},
  output: Output = process,
): Running {
  const child = spawn(process.execPath, ['--import', './scripts/end-with-parent.mjs', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  prefixLines(child.stdout, name, output.stdout)
  prefixLines(child.stderr, name, output.stderr)
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  return { name, child, exited }
}

export const startRole = (role: Role, env: Record<string, string> = {}, output: Output = process) =>
  startProcess(
    role,
    commandOf(role, Number(env.CONSOLE_PORT ?? process.env.CONSOLE_PORT ?? 3000)),
    { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...env },
    output,
  )

/** Asks the children to end, and ends those that do not within the time given. */
export async function stopAll(running: Running[], graceMs = 5_000): Promise<void> {
  for (const { child } of running) if (child.exitCode === null) child.kill('SIGTERM')
  const all = Promise.all(running.map(({ exited }) => exited))
  await Promise.race([all, sleep(graceMs, undefined, { ref: false })])
  for (const { child } of running) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
}

/** Waits until the address answers 200, or the child that should answer is gone. */
export async function waitForHttp(url: string, running: Running, timeoutMs = 60_000): Promise<void> {
  let gone = false
  void running.exited.then(() => (gone = true))
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(100)) {
    if (gone) throw new Error(`${running.name} ended before it answered at ${url}; its last lines are above.`)
    const reply = await fetch(url, { redirect: 'manual' }).catch(() => null)
    await reply?.body?.cancel()
    if (reply && reply.status < 400) return
  }
  throw new Error(`${running.name} does not answer at ${url} after ${timeoutMs / 1000} s.`)
}

/** Waits until a child says anything at all. */
export async function waitForOutput({ name, child, exited }: Running): Promise<void> {
  if (!child.stdout) throw new Error(`${name} has no output to wait for.`)
  const code = await Promise.race([once(child.stdout, 'data').then(() => null), exited])
  if (code !== null) throw new Error(`${name} ended with ${code} before it said anything.`)
}

function prefixLines(from: NodeJS.ReadableStream | null, name: string, to: NodeJS.WritableStream) {
  let rest = ''
  from?.setEncoding('utf8')
  from?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim()) to.write(`${name.padEnd(8)} ${line}\n`)
  })
}
