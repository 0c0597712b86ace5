import { expect, it } from 'vitest'
import { limitVerdicts } from './limit-verdicts'

const policy = { id: 'p', name: 'chat', admitted: 90, refused: 30, refusedSubjects: 3, byPostgres: 0 }

it('says who is refused now before which limit refuses many', () => {
  const limited = [
    { policy: 'chat', subject: 'u-1', refused: 9 },
    { policy: 'chat', subject: 'u-2', refused: 1 },
  ]
  expect(limitVerdicts([policy], limited, null)).toEqual([
    { kind: 'limited_now', subjects: 2, limits: 1, most: limited[0] },
    { kind: 'refuses_many', policyId: 'p', policy: 'chat', refused: 30, asked: 120, subjects: 3 },
  ])
})

it('a few refusals of a few calls are not worth a word; that Redis is gone is, first', () => {
  const few = { ...policy, admitted: 10, refused: 5 }
  expect(limitVerdicts([few], [], null)).toEqual([{ kind: 'fine', asked: 15 }])
  expect(limitVerdicts([{ ...few, byPostgres: 4 }], [], null)).toEqual([{ kind: 'by_postgres', calls: 4 }])
  expect(limitVerdicts([few], [], 1_000)).toEqual([{ kind: 'redis_down', since: '1970-01-01T00:00:01.000Z' }])
  expect(limitVerdicts([], [], null)).toEqual([])
})
