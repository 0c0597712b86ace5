import { logError, logInfo } from '@/server/log'

export type Job = { name: string; everyMs: number; run: () => Promise<unknown> }

/** A failing job is tried again after 2, 4, 8, ... intervals, up to this or its interval, and at least each minute. */
const LONGEST_BACKOFF_MS = 2_000
const MINUTE_MS = 60_000
/** A job that keeps failing is mentioned this often. */
const REMIND_EVERY_MS = MINUTE_MS

/**
 * Runs each job on the multiples of its interval, never twice at once: a run that takes longer skips the ticks it
 * missed. Jobs of a minute or more also run at the start. `stop` waits for the runs under way.
 */
export function startSchedule(jobs: Job[]) {
  const stopping = new AbortController()
  const alarms = new Map(jobs.map((job) => [job.name, alarm(stopping.signal)] as const))
  const loops = jobs.map((job) => repeat(job, alarms.get(job.name) ?? alarm(stopping.signal)))
  return {
    /** Runs a job now, or once more after the run that is under way. */
    wake: (name: string) => alarms.get(name)?.ring(),
    stop: async () => {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

async function repeat(job: Job, { sleep }: Alarm): Promise<void> {
  let failures = 0
  let toldAt = 0
  for (let wait = job.everyMs < MINUTE_MS ? msToNextTick(job.everyMs) : 0; await sleep(wait);) {
    try {
      await job.run()
      if (failures > 0) logInfo('job works again', { job: job.name, failures })
      failures = 0
    } catch (error) {
      failures++
      if (failures === 1 || Date.now() - toldAt >= REMIND_EVERY_MS) {
        toldAt = Date.now()
        logError('job failed', error, { job: job.name, failures })
      }
    }
    wait = msToNextTick(failures === 0 ? job.everyMs : backoffMs(job.everyMs, failures))
  }
}

/** On the clock's multiples, so that samples lie on a grid and several workers agree on it. */
const msToNextTick = (everyMs: number, now = Date.now()) => everyMs - (now % everyMs)

const backoffMs = (everyMs: number, failures: number) =>
  Math.min(everyMs * 2 ** Math.min(failures, 20), Math.max(everyMs, LONGEST_BACKOFF_MS), MINUTE_MS)

/** A sleep that ends early when the alarm rings, also when it rang before; it answers false when stopped. */
function alarm(stop: AbortSignal) {
  let rung = false
  let wakeUp = () => {}
  const sleep = (ms: number): Promise<boolean> => {
    if (stop.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        stop.removeEventListener('abort', end)
        rung = false
        wakeUp = () => {}
        resolve(!stop.aborted)
      }
      const timer = setTimeout(end, rung ? 0 : ms)
      stop.addEventListener('abort', end)
      wakeUp = end
    })
  }
  const ring = () => {
    rung = true
    wakeUp()
  }
  return { sleep, ring }
}

type Alarm = ReturnType<typeof alarm>
