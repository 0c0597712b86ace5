import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

const STOP_WITHIN_SECONDS = 10

/** Waits until its input ends, which it does when the parent dies in whatever way; then ends the engine. */
const LEASH = `cat >/dev/null
kill "$1" 2>/dev/null; n=0
while kill -0 "$1" 2>/dev/null && [ $n -lt ${STOP_WITHIN_SECONDS} ]; do sleep 1; n=$((n+1)); done
kill -9 "$1" 2>/dev/null`

export interface Engine {
  child: ChildProcess
  pid: number
  /** Ends the engine: asks first, insists after ten seconds. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts an engine that does not outlive this process, not even when that is killed. It has a process group of its
 * own, so Ctrl-C in a terminal reaches the parent only, which can then stop things in order.
 */
export async function startChild(command: string, args: string[], options: SpawnOptions): Promise<Engine> {
  const child = spawn(command, args, { ...options, detached: true })
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  const leash = spawn('/bin/sh', ['-c', LEASH, 'leash', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  leash.unref()
  const ended = once(child, 'exit')
  void ended.then(() => leash.kill('SIGKILL'))
  return {
    child,
    pid,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const insist = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_SECONDS * 1000)
      await ended
      clearTimeout(insist)
    },
  }
}
