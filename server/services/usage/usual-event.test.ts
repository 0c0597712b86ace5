import fc from 'fast-check'
import { expect, it } from 'vitest'
import { UsageEvent, usageStatuses } from './usage.schema'
import { usualEvent } from './usual-event'

const now = Date.now()
const odd = fc.constantFrom<unknown>(undefined, null, '', 'x', -1, 0, -0, 1.5, NaN, 2 ** 31, 2 ** 53, true, [], {}, '5')
const often = (usual: fc.Arbitrary<unknown>, ...edges: unknown[]) =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(...edges, undefined) }, odd)
const text = (max: number) =>
  often(
    fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
    'a'.repeat(max),
    'a'.repeat(max + 1),
    'a\0b',
    '\ud800',
    '💡'.repeat(max / 2),
  )
const tokens = (max: number) => often(fc.nat(max), 2 ** 31 - 1, 2 ** 31, 0.5)
const instants = [
  ...['2020-01-01T00:00:00Z', '2019-12-31T23:59:59.999Z', '2026-02-29T00:00:00Z', '2024-02-29T00:00:00+02:00'],
  ...['2026-01-31T12:00:00', '2026-01-31', '2026-01-31T12:00Z', '2026-01-31T12:00:00.123456789-23:59', 'tomorrow'],
  ...[now + 23 * 3_600_000, now + 25 * 3_600_000].map((at) => new Date(at).toISOString()),
]
const event = fc.record(
  {
    id: text(200),
    tenant: often(fc.constantFrom('acme', 'a', '0-a', 'a'.repeat(63)), 'Acme', '-a', 'a'.repeat(64), 'a b', 'a\n'),
    user: text(200),
    conversation: text(200),
    provider: text(100),
    model: text(200),
    inputTokens: tokens(3_000),
    outputTokens: tokens(3_000),
    cachedInputTokens: tokens(1_000),
    cacheWriteTokens: tokens(1_000),
    latencyMs: often(fc.double({ min: 0, max: 5_000, noNaN: true }), Infinity),
    ttftMs: often(fc.nat(500), -0.4),
    prompt: often(
      fc.record({ name: text(200), version: often(fc.integer({ min: 1, max: 9 }), 0) }),
      { name: 'p' },
      { name: 'p', version: 1, more: 1 },
    ),
    cached: often(fc.boolean(), 'true'),
    status: often(fc.constantFrom(...usageStatuses), 'OK'),
    occurredAt: often(fc.constant(new Date(now).toISOString()), ...instants),
    more: fc.constant(1),
  },
  { requiredKeys: ['id', 'tenant', 'provider', 'model', 'inputTokens', 'outputTokens', 'occurredAt'] },
)
/** Without `more`, which no event has, most of the time. */
const reported = fc.oneof({ weight: 9, arbitrary: event.map(({ more: _more, ...rest }) => rest) }, event)

it('R13: reads what it reads as the schema does, and leaves what is wrong to it', () => {
  let read = 0
  fc.assert(
    fc.property(fc.oneof({ weight: 50, arbitrary: reported }, odd), (value) => {
      const usual = usualEvent(value)
      if (usual === null) return
      read++
      expect(UsageEvent.safeParse(value)).toEqual({ success: true, data: usual })
    }),
    { numRuns: 20_000 },
  )
  expect(read).toBeGreaterThan(4_000)
})

it('leaves no usual event to the schema', () => {
  const [whole, least] = [
    {
      user: 'u',
      conversation: 'c',
      cachedInputTokens: 3,
      cacheWriteTokens: 4,
      latencyMs: 1.5,
      ttftMs: 0,
      prompt: { name: 'p', version: 2 },
      cached: false,
      status: 'error',
    },
    {},
  ].map((more) => ({
    id: 'e',
    tenant: 'acme',
    provider: 'openai',
    model: 'gpt-4o',
    inputTokens: 7,
    outputTokens: 1,
    occurredAt: '2026-01-31T12:00:00.5+01:00',
    ...more,
  }))
  for (const one of [whole, least]) expect(usualEvent(one)).toEqual(UsageEvent.parse(one))
})
