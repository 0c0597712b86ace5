import { describe, expect, it } from 'vitest'
import type { PageActivation, PromptPage } from '@/server/services/prompts/prompt-page'
import { liveStretches } from './prepare-stretches'
import { promptHref, promptNameOf } from './prompt-href'
import { shownVersions } from './prompt-params'

const move = (
  revision: number,
  version: number,
  previousVersion: number | null,
  at: string,
  kind: PageActivation['kind'] = 'activate',
) =>
  ({
    ...{ revision, version, previousVersion, at, kind },
    ...{ arms: null, by: 'ci', from: 'key' as const, reason: null, appliedAt: at },
  }) satisfies PageActivation

/** Newest first: v1, v2 for 41 minutes, back to v1. */
const activations = [
  move(3, 1, 2, '2026-11-02T10:41:00.000Z', 'rollback'),
  move(2, 2, 1, '2026-11-02T10:00:00.000Z'),
  move(1, 1, null, '2026-11-01T10:00:00.000Z'),
]
const version = (number: number) => ({
  version: number,
  model: null,
  message: null,
  tokens: null,
  by: 'ci',
  at: '2026-11-01T09:00:00.000Z',
  imported: false,
})
const page: PromptPage = {
  name: 'a',
  description: null,
  channel: 'production',
  live: 1,
  rollback: null,
  rolloutBegun: null,
  channels: [{ channel: 'production', version: 1, revision: 3, arms: null, at: '2026-11-02T10:41:00.000Z' }],
  versions: [3, 2, 1].map(version),
  activations,
  approvals: { pending: [], rejected: null },
  asOf: '2026-11-02T11:41:00.000Z',
}
const params = { channel: 'production', version: null, against: null, activation: null }

describe('what a page compares', () => {
  it.each([
    ['what is live, against the version before it', params, { version: 1, against: null }],
    ['a version that is named', { ...params, version: 3 }, { version: 3, against: 2 }],
    ['against one that is named', { ...params, version: 3, against: 1 }, { version: 3, against: 1 }],
    [
      'an activation: what it brought against what it replaced',
      { ...params, activation: 3 },
      { version: 1, against: 2 },
    ],
    ['nothing unknown', { ...params, version: 9, against: 8, activation: 7 }, { version: 1, against: null }],
  ])('%s', (_, chosen, shown) => expect(shownVersions(page, chosen)).toEqual(shown))

  it('nothing where there is no version', () => {
    expect(shownVersions({ ...page, versions: [], live: null, activations: [] }, params)).toBeNull()
  })
})

it('how long each version was live, and how that ended', () => {
  const stretches = liveStretches(activations, Date.parse(page.asOf))
  const minute = 60_000
  expect(stretches.get(2)).toEqual({ liveMs: 41 * minute, partMs: 0, ended: 'rolled back' })
  expect(stretches.get(1)).toEqual({ liveMs: 24 * 60 * minute + 60 * minute, partMs: 0, ended: 'live' })
  expect(stretches.has(3)).toBe(false)
})

describe('a rollout', () => {
  const arms = [
    { version: 1, weight: 90 },
    { version: 2, weight: 10 },
  ]
  const begun = { ...move(2, 1, 1, '2026-11-02T10:00:00.000Z', 'rollout'), arms }
  const first = move(1, 1, null, '2026-11-01T10:00:00.000Z')
  const deployed = { channel: 'production', version: 1, revision: 2, arms, at: begun.at }
  const running: PromptPage = { ...page, channels: [deployed], activations: [begun, first], rollback: 1 }

  it('is shown by what its new version changes', () => {
    expect(shownVersions(running, params)).toEqual({ version: 2, against: 1 })
    expect(shownVersions({ ...page, activations: [begun, first] }, { ...params, activation: 2 })).toEqual({
      version: 2,
      against: 1,
    })
    expect(shownVersions(running, { ...params, version: 1 })).toEqual({ version: 1, against: null })
  })

  it('counts as live in part', () => {
    const hour = 3_600_000
    const back = move(3, 1, 1, '2026-11-02T11:00:00.000Z', 'rollback')
    const stretches = liveStretches([back, begun, first], Date.parse('2026-11-02T12:00:00.000Z'))
    expect(stretches.get(1)).toEqual({ liveMs: 25 * hour, partMs: hour, ended: 'live' })
    expect(stretches.get(2)).toEqual({ liveMs: 0, partMs: hour, ended: 'rolled back' })
  })
})

it.each(['support-reply', 'gpt-engineer/generate', 'prompts.chat/for Rally', 'a//b', '/a', 'a/../b', 'ü%/?#'])(
  'the address of %s leads back to it',
  (name) => {
    const { pathname } = new URL(promptHref(name), 'http://localhost')
    expect(promptNameOf(pathname.split('/').slice(2))).toBe(name)
  },
)
