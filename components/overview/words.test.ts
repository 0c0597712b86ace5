import { describe, expect, it } from 'vitest'
import type { Scope } from '@/server/services/scope.schema'
import { gapText } from './gap-text'
import { activationHref, marksOf, activationKey } from './points'
import { beforeText, changeText, windowText } from './window-text'

const clock = { timezone: 'Europe/Berlin', now: '2026-11-12T14:00:00Z' }
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('gaps', () => {
  const gap = { from: Date.parse('2026-11-12T10:00:00Z'), to: Date.parse('2026-11-12T10:20:00Z') }
  it('R12: say why there are no samples, on the clock of the reader', () => {
    expect(gapText({ ...gap, reason: 'redis-away' }, clock)).toBe('Redis did not answer from 11:00 to 11:20')
    expect(gapText({ ...gap, reason: 'worker-away' }, clock)).toBe(
      'no samples from 11:00 to 11:20: the worker was not running',
    )
    expect(gapText({ ...gap, reason: 'never-sampled' }, clock)).toBe(
      'no samples before 11:20: the worker was not running yet',
    )
  })
})

describe('windows', () => {
  const relative: Scope = { tenant: null, range: '6h', from: null, to: null, timezone: 'Europe/Berlin' }
  const fixed: Scope = { ...relative, range: null, from: '2026-11-12T08:00:00Z', to: '2026-11-12T10:00:00Z' }
  it('are named as people say them', () => {
    expect(plain(windowText(relative, clock.now))).toBe('last 6 h')
    expect(plain(beforeText({ ...relative, range: '1h' }))).toBe('the hour before')
    expect(windowText(fixed, clock.now)).toBe('09:00 to 11:00')
    expect(plain(beforeText(fixed))).toBe('the 2 h before')
  })

  it('R12: a change from nothing is no percentage', () => {
    expect(plain(changeText(112, 100, 'the 6 h before'))).toBe('+12 % on the 6 h before')
    expect(changeText(5, 0, 'the 6 h before')).toBe('nothing in the 6 h before')
    expect(changeText(100, 100, 'the 6 h before')).toBe('as in the 6 h before')
  })
})

describe('markers', () => {
  const activation = {
    name: 'support/reply v2',
    channel: 'production',
    revision: 12,
    version: 11,
    previousVersion: 12,
    kind: 'rollback' as const,
    arms: null,
    by: 'ada',
    at: clock.now,
    appliedAt: null,
  }
  it('J1: lead to what the activation changed, whatever the prompt is called', () => {
    expect(activationHref(activation)).toBe('/prompts/support%2Freply%20v2?activation=12')
    expect(activationHref({ ...activation, channel: 'beta' })).toContain('?channel=beta&activation=12')
  })

  it('show rollbacks as warnings, those that a verdict names as bad, and restarts of Redis', () => {
    const marks = (blamed: Set<string>) => marksOf([activation], [5], { blamed, href: () => '/there' })
    expect(marks(new Set())).toEqual([
      { t: Date.parse(clock.now), label: 'support/reply v2 v11', href: '/there', severity: 'warn' },
      { t: 5, label: 'Redis restarted', severity: 'warn' },
    ])
    expect(marks(new Set([activationKey(activation)]))[0]?.severity).toBe('bad')
  })
})
