import { describe, expect, it } from 'vitest'
import type { LiveAnswer, LiveVersion, ReportedVersion } from '@/server/services/prompts/what-was-live.schema'
import { incidentNote } from './incident-note'
import { questionOf, whatWasLiveHref } from './live-params'
import { foldedText, splitByUse, strayText, stretchText, summary } from './prepare-live'

const timezone = 'Europe/Berlin'
const at = '2026-11-12T13:03:00.000Z'

const live = (name: string, more: Partial<LiveVersion> = {}): LiveVersion => ({
  name,
  version: 12,
  model: 'gpt-4o-mini',
  config: {},
  content: 'Hi',
  bytes: 2,
  revision: 41,
  kind: 'activate',
  by: 'ada',
  reason: 'Shorter',
  since: '2026-11-12T12:58:02.000Z',
  until: null,
  arms: null,
  subjectVersion: null,
  ...more,
})
const reported = (name: string, version: number, stray: ReportedVersion['stray'] = null): ReportedVersion => ({
  name,
  version,
  calls: 4,
  first: at,
  last: at,
  stray,
})
const answer = (more: Partial<LiveAnswer> = {}): LiveAnswer => ({
  at,
  channel: 'production',
  total: 2,
  prompts: [live('a'), live('b')],
  notLive: { total: 1, prompts: [{ name: 'c', createdAt: at, firstLiveAt: null }] },
  moves: { first: '2026-11-01T09:00:00.000Z', before: '2026-11-12T12:58:02.000Z', after: null },
  channels: ['production'],
  reported: null,
  prices: { from: at, to: at, total: 0, models: [] },
  ...more,
})
const window = { from: at, to: at }

describe('the answer in a sentence', () => {
  it.each([
    ['an instant', {}, false, '2 prompts were live on production at 2026-11-12 14:03:00 UTC+1.'],
    ['now', {}, true, '2 prompts are live on production now.'],
    ['one', { total: 1 }, false, '1 prompt was live on production at 2026-11-12 14:03:00 UTC+1.'],
    [
      'before the first activation',
      { total: 0, prompts: [] },
      false,
      'Nothing was live on production yet at 2026-11-12 14:03:00 UTC+1. The first activation was on 2026-11-01 10:00:00 UTC+1.',
    ],
    [
      'a channel that never served anything',
      { total: 0, prompts: [], moves: { first: null, before: null, after: null } },
      false,
      'Nothing was ever activated on production.',
    ],
  ])('%s', (_, more, now, said) => {
    expect(summary(answer(more), { now, timezone, prompt: null })).toEqual({ said, soon: null })
  })

  it('one prompt, where only that was asked for', () => {
    const asked = { now: true, timezone, prompt: 'a' }
    expect(summary(answer({ total: 1 }), asked).said).toBe('a is live on production now.')
    const never = { first: null, before: null, after: null }
    expect(summary(answer({ total: 0, moves: never }), asked).said).toBe(
      'Nothing of a was ever activated on production.',
    )
  })

  it('warns who thinks in minutes of a move later in the same minute', () => {
    const moves = { first: at, before: at, after: '2026-11-12T13:03:22.000Z' }
    expect(summary(answer({ moves }), { now: false, timezone, prompt: null }).soon).toContain('14:03:22')
    const later = { ...moves, after: '2026-11-12T13:04:00.000Z' }
    expect(summary(answer({ moves: later }), { now: false, timezone, prompt: null }).soon).toBeNull()
  })
})

describe('what was used', () => {
  it('stands apart from the others, and what calls only claimed from both', () => {
    const versions = [reported('b', 12), reported('c', 1), reported('gone', 3), reported('gone', 4)]
    const split = splitByUse(answer({ reported: { ...window, versions } }))
    expect(split.used.map((prompt) => prompt.live.name)).toEqual(['b'])
    expect(split.others.map((prompt) => prompt.live.name)).toEqual(['a'])
    expect(split.strangers).toMatchObject([
      { name: 'c', why: 'nothing of it was live here' },
      { name: 'gone', why: 'there is no such prompt', reported: [{ version: 3 }, { version: 4 }] },
    ])
    expect(splitByUse(answer({ total: 120 })).left).toBe(118)
  })

  it('a version that was not live then is named with when, how often and where it was', () => {
    const stray = { calls: 4, first: at, last: '2026-11-12T13:09:00.000Z', elsewhere: [], nowhereCalls: 4 }
    expect(strayText(reported('a', 11, stray), 'production', timezone)).toBe(
      '4 calls between 14:03:00 and 14:09:00 used v11, which no channel served then',
    )
    const elsewhere = { ...stray, last: at, elsewhere: ['canary', 'staging'], nowhereCalls: 1 }
    expect(strayText(reported('a', 11, elsewhere), 'production', timezone)).toBe(
      '4 calls at 14:03:00 used v11, which canary and staging served then, not production; at 1 call no channel did',
    )
    expect(strayText(reported('a', 12), 'production', timezone)).toBeNull()
  })
})

it('says since when, by whom, and how it ended', () => {
  const until = { at: '2026-11-13T08:00:05.000Z', version: 11, kind: 'rollback' as const, by: 'ci' }
  expect(stretchText(live('a', { until }), timezone, at)).toEqual({
    since: 'since 13:58:02, by ada',
    reason: 'Shorter',
    until: 'until 13 Nov 09:00:05, rolled back to v11 by ci',
  })
  expect(stretchText(live('a', { kind: 'rollback' }), timezone, at)).toMatchObject({
    since: 'since 13:58:02, rolled back by ada',
    until: 'live still',
  })
})

it('folds a long text to its beginning, and leaves a short one whole', () => {
  expect(foldedText('One\nTwo\nThree')).toBeNull()
  expect(foldedText('One\nTwo\nThree\nFour')).toBe('One\nTwo\nThree')
  expect(foldedText('x'.repeat(1_000))).toHaveLength(320)
})

it('the note names version, revision, rollout, strays and prices, and how many prompts it leaves out', () => {
  const stray = { calls: 4, first: at, last: at, elsewhere: [], nowhereCalls: 4 }
  const arms = [
    { version: 12, weight: 90, model: null, config: {}, content: 'Hi', bytes: 2 },
    { version: 13, weight: 10, model: null, config: {}, content: 'Ho', bytes: 2 },
  ]
  const rate = (base: string) => ({ base, tiers: [] })
  const rates = { input: rate('0.15'), output: rate('0.6'), cacheRead: null, cacheWrite: null, request: null }
  const note = incidentNote(
    answer({
      total: 5,
      prompts: [live('a'), live('b', { arms, subjectVersion: 13, kind: 'rollout', reason: null })],
      reported: { ...window, versions: [reported('a', 11, stray)] },
      prices: { ...window, total: 1, models: [{ provider: 'openai', model: 'gpt-4o-mini', calls: 4, rates }] },
    }),
    { timezone, tenant: 'acme', subject: 'u-17' },
  )
  expect(note.split('\n')).toEqual([
    'Live on production at 2026-11-12 14:03:00 UTC+1 (2026-11-12T13:03:00.000Z), tenant acme, subject u-17',
    '- a v12 (revision 41), since 13:58:02, by ada (Shorter); live still',
    '  ! 4 calls at 14:03:00 used v11, which no channel served then',
    '- b v13 of a rollout: 90 % v12, 10 % v13 (revision 41), since 13:58:02, rolled out by ada; live still',
    '- 3 more prompts',
    'Prices, US dollars per million tokens, input / output:',
    '- openai gpt-4o-mini: 0.15 / 0.6',
  ])
})

describe('the address', () => {
  const params = { at, channel: 'staging', subject: 'u 17', prompt: 'a/b', tenant: 'acme' }
  const none = { range: null, from: null, to: null, tz: null }

  it('keeps what is asked', () => {
    const { searchParams, pathname } = new URL(whatWasLiveHref(params), 'http://localhost')
    expect(pathname).toBe('/what-was-live')
    expect(Object.fromEntries(searchParams)).toEqual(params)
    expect(questionOf({ ...params, ...none })).toEqual({ question: params, wrong: null })
  })

  it.each([
    ['at', { at: 'yesterday' }, 'at: must be an ISO 8601 instant'],
    ['at', { at: '2199-01-01T00:00:00Z' }, 'at: must lie between'],
    ['at', { at: new Date(Date.now() + 3_600_000).toISOString() }, 'at: lies in the future'],
    ['channel', { channel: 'two words' }, 'channel: must be'],
    ['tenant', { tenant: 'No Such' }, 'tenant: must be'],
    ['subject', { subject: 'x'.repeat(10_000) }, 'subject: '],
  ])('R13: names a wrong %s', (_, wrong, said) => {
    expect(questionOf({ ...params, ...none, ...wrong }).wrong).toContain(said)
  })
})
