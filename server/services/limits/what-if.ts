import { askedByMinute, type AskedMinute, MOST_SUBJECT_MINUTES } from '@/db/postgres/queries/limit-counts'
import { selectPolicy } from '@/db/postgres/queries/limits'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { termsOf } from './consume-limit'
import type { WhatIf } from './limits.schema'
import { admittedOf } from './replay'

const DAY_MS = 86_400_000

export const noSuchLimit = () =>
  new AppError('not_found', 'There is no such limit; it may have been deleted.', { field: 'id' })

/**
 * What the limit as it is and a changed one would have done to the last 24 hours, both replayed by the minute from what was
 * asked (see replay.ts), so that the two can be compared; `counted` is what really was admitted and refused.
 */
export async function whatIf({ db }: Pick<Stores, 'db'>, { id, ...changed }: WhatIf, now = new Date()) {
  const policy = await selectPolicy(db, id)
  if (!policy) throw noSuchLimit()
  const from = new Date(now.getTime() - DAY_MS)
  const rows = await askedByMinute(db, { policyId: id, from, to: now })
  const read = rows.slice(0, MOST_SUBJECT_MINUTES)
  const subjects = bySubject(read)
  const replayed = (terms: Parameters<typeof termsOf>[0]) => outcome(subjects, termsOf(terms))
  return {
    from: from.toISOString(),
    to: now.toISOString(),
    subjects: subjects.length,
    /** False where there was more than is read at once. */
    whole: rows.length <= MOST_SUBJECT_MINUTES,
    counted: {
      admitted: read.reduce((sum, { admittedPoints }) => sum + admittedPoints, 0),
      refused: read.reduce((sum, { refusedPoints }) => sum + refusedPoints, 0),
    },
    asIs: replayed(policy),
    changed: replayed({ ...policy, ...changed }),
  }
}
export type WhatIfAnswer = Awaited<ReturnType<typeof whatIf>>

function bySubject(rows: AskedMinute[]): AskedMinute[][] {
  const subjects = new Map<string, AskedMinute[]>()
  for (const row of rows) {
    const name = JSON.stringify([row.tenant, row.subject])
    const known = subjects.get(name)
    if (known) known.push(row)
    else subjects.set(name, [row])
  }
  return [...subjects.values()]
}

function outcome(subjects: AskedMinute[][], terms: ReturnType<typeof termsOf>) {
  const total = { admitted: 0, refused: 0, refusedSubjects: 0 }
  for (const rows of subjects) {
    const asked = rows.map(({ minute, admittedPoints, refusedPoints }) => ({
      minute,
      points: admittedPoints + refusedPoints,
    }))
    const wanted = asked.reduce((sum, { points }) => sum + points, 0)
    const admitted = admittedOf(terms, asked)
    total.admitted += admitted
    total.refused += wanted - admitted
    if (admitted < wanted) total.refusedSubjects++
  }
  return total
}
