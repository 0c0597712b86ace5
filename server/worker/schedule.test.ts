import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Job, startSchedule } from './schedule'

describe('startSchedule', () => {
  let stop: () => Promise<void>
  let wake: (name: string) => void
  let lines: string[]
  const start = (job: Partial<Job> & Pick<Job, 'run'>) => {
    ;({ stop, wake } = startSchedule([{ name: 'job', everyMs: 1_000, ...job }]))
  }
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_700_000_000_400 })
    lines = []
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  })
  afterEach(async () => {
    await stop()
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('runs on the multiples of the interval', async () => {
    const at: number[] = []
    start({ run: async () => at.push(Date.now() % 10_000) })
    await vi.advanceTimersByTimeAsync(3_000)
    expect(at).toEqual([1_000, 2_000, 3_000])
  })

  it('never runs a job twice at once, and skips the ticks that a long run missed', async () => {
    let running = 0
    const at: number[] = []
    start({
      run: async () => {
        expect(++running).toBe(1)
        at.push(Date.now() % 10_000)
        await new Promise((resolve) => setTimeout(resolve, 2_500))
        running--
      },
    })
    await vi.advanceTimersByTimeAsync(7_000)
    expect(at).toEqual([1_000, 4_000, 7_000])
    await vi.advanceTimersByTimeAsync(2_500)
  })

  it('runs a job at once when it is woken, once more when that comes during a run, and then at its times again', async () => {
    const at: number[] = []
    start({
      run: async () => {
        at.push(Date.now() % 10_000)
        await new Promise((resolve) => setTimeout(resolve, 100))
      },
    })
    await vi.advanceTimersByTimeAsync(50)
    wake('another')
    wake('job')
    await vi.advanceTimersByTimeAsync(50)
    wake('job')
    wake('job')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(at).toEqual([450, 550, 1_000, 2_000])
  })

  it('runs slow jobs at the start as well', async () => {
    const run = vi.fn(async () => {})
    start({ everyMs: 3_600_000, run })
    await vi.advanceTimersByTimeAsync(1)
    expect(run).toHaveBeenCalledOnce()
  })

  it('backs off while a job fails, mentions it once a minute as JSON, and says when it works again', async () => {
    let failing = true
    const run = vi.fn(async () => {
      if (failing) throw new Error('no such table')
    })
    start({ everyMs: 200, run })
    await vi.advanceTimersByTimeAsync(30_000)
    expect(run.mock.calls.length).toBeLessThan(20)
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'error', event: 'job failed', job: 'job', failures: 1, error: 'Error: no such table' },
    ])
    failing = false
    await vi.advanceTimersByTimeAsync(2_200)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 'info', event: 'job works again' })
    run.mockClear()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(run).toHaveBeenCalledTimes(5)
  })

  it('stops cleanly: waits for the run under way and starts no other', async () => {
    let ended = false
    const run = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      ended = true
    })
    start({ run })
    await vi.advanceTimersByTimeAsync(700)
    const stopped = stop()
    await vi.advanceTimersByTimeAsync(1_500)
    await stopped
    expect(ended).toBe(true)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(run).toHaveBeenCalledOnce()
  })
})
