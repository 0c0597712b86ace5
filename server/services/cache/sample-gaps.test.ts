import { describe, expect, it } from 'vitest'
import { restarts, type SampleBreak, sampleGaps, type SampleHistory } from './sample-gaps'

const at = (time: string) => new Date(`2026-11-12T${time}Z`)
const history: SampleHistory = {
  from: at('08:00:00'),
  to: at('14:00:00'),
  now: at('14:00:04'),
  oldestAt: new Date('2026-11-01T00:00:00Z'),
  newestAt: at('14:00:00'),
  breaks: [],
  workers: [],
  keptSince: new Date('2026-10-29T14:00:00Z'),
}
const pause = (from: string, to: string, more: Partial<SampleBreak> = {}): SampleBreak => ({
  at: at(to),
  beforeAt: at(from),
  runId: 'a',
  beforeRunId: 'a',
  uptimeSeconds: 90_000,
  ...more,
})
const gaps = (more: Partial<SampleHistory>) =>
  sampleGaps({ ...history, ...more }).map(
    ({ from, to, reason }) =>
      `${new Date(from).toISOString().slice(11, 19)} ${new Date(to).toISOString().slice(11, 19)} ${reason}`,
  )

describe('sampleGaps', () => {
  it('has none while samples come in, nor for a missed tick', () => {
    expect(gaps({})).toEqual([])
    expect(gaps({ breaks: [pause('10:00:00', '10:00:20')] })).toEqual([])
  })

  it('R12: a worker that ran all the while means that Redis did not answer', () => {
    const workers = [{ startedAt: at('07:00:00'), seenAt: at('14:00:00') }]
    expect(gaps({ breaks: [pause('10:00:00', '10:04:00')], workers })).toEqual(['10:00:00 10:04:00 redis-away'])
  })

  it('R12: a worker that ended or began there means that it was not running', () => {
    const workers = [
      { startedAt: at('11:20:00'), seenAt: at('14:00:00') },
      { startedAt: at('07:00:00'), seenAt: at('10:00:00') },
    ]
    expect(gaps({ breaks: [pause('10:00:00', '11:20:02')], workers })).toEqual(['10:00:00 11:20:02 worker-away'])
  })

  it('R12: claims no reason that nobody can vouch for', () => {
    expect(gaps({ breaks: [pause('10:00:00', '11:20:00')] })).toEqual(['10:00:00 11:20:00 unknown'])
  })

  it('R12: tells what was never sampled from what is no longer kept', () => {
    expect(gaps({ oldestAt: at('11:20:00') })).toEqual(['08:00:00 11:20:00 never-sampled'])
    expect(gaps({ oldestAt: at('11:20:00'), keptSince: at('11:00:00') })).toEqual(['08:00:00 11:20:00 not-kept'])
    expect(gaps({ oldestAt: null, newestAt: null })).toEqual(['08:00:00 14:00:00 never-sampled'])
  })

  it('sees that samples stopped, and cuts gaps to the range', () => {
    expect(gaps({ newestAt: at('13:50:00') })).toEqual(['13:50:00 14:00:00 unknown'])
    expect(gaps({ newestAt: at('07:00:00') })).toEqual(['08:00:00 14:00:00 unknown'])
    expect(gaps({ breaks: [pause('07:30:00', '08:30:00')] })).toEqual(['08:00:00 08:30:00 unknown'])
  })
})

describe('restarts', () => {
  it('dates a restart by the uptime after it', () => {
    const again = pause('10:00:00', '10:00:05', { runId: 'b', uptimeSeconds: 2 })
    expect(restarts([pause('11:00:00', '11:05:00'), again])).toEqual([at('10:00:03').getTime()])
  })

  it('never dates it before the last sample of the run before', () => {
    expect(restarts([pause('10:00:00', '10:00:05', { runId: 'b', uptimeSeconds: 9 })])).toEqual([
      at('10:00:00').getTime(),
    ])
  })
})
