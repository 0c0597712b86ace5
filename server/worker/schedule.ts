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
  const alarms = new Map(jobs.map((job) => [job, alarm()] as const))
  const loops = [...alarms].map(([job, its]) => repeat(job, its))
  return {
    /** Runs a job now, or once more after the run that is under way. */
    wake: (name: string) => {
      for (const [job, its] of alarms) if (job.name === name) its.ring()
    },
    stop: async () => {
      for (const its of alarms.values()) its.stop()
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
function alarm() {
  let rung = false
  let stopped = false
  let wakeUp = () => {}
  const sleep = async (ms: number): Promise<boolean> => {
    if (!rung && !stopped)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    rung = false
    return !stopped
  }
  const ring = () => {
    rung = true
    wakeUp()
  }
  const stop = () => {
    stopped = true
    wakeUp()
  }
  return { sleep, ring, stop }
}

type Alarm = ReturnType<typeof alarm>
