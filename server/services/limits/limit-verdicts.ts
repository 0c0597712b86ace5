/** Above this share of refusals a limit is worth a word. */
const MANY_REFUSED = 0.1
const FEW_CALLS = 20

export type LimitVerdict =
  | { kind: 'redis_down'; since: string }
  | {
      kind: 'limited_now'
      subjects: number
      limits: number
      most: { policy: string; subject: string; refused: number }
    }
  | { kind: 'refuses_many'; policyId: string; policy: string; refused: number; asked: number; subjects: number }
  | { kind: 'by_postgres'; calls: number }
  | { kind: 'fine'; asked: number }

type Counted = {
  id: string
  name: string
  admitted: number
  refused: number
  refusedSubjects: number
  byPostgres: number
}

/** What is worth a word, worst first. */
export function limitVerdicts(
  policies: Counted[],
  limited: { policy: string; subject: string; refused: number }[],
  downSince: number | null,
): LimitVerdict[] {
  const verdicts: LimitVerdict[] = []
  if (downSince !== null) verdicts.push({ kind: 'redis_down', since: new Date(downSince).toISOString() })
  const [most] = limited
  if (most) {
    const limits = new Set(limited.map(({ policy }) => policy)).size
    verdicts.push({ kind: 'limited_now', subjects: limited.length, limits, most })
  }
  for (const { id, name, admitted, refused, refusedSubjects } of policies) {
    const asked = admitted + refused
    if (asked >= FEW_CALLS && refused / asked > MANY_REFUSED)
      verdicts.push({ kind: 'refuses_many', policyId: id, policy: name, refused, asked, subjects: refusedSubjects })
  }
  const calls = policies.reduce((sum, { byPostgres }) => sum + byPostgres, 0)
  if (calls > 0 && downSince === null) verdicts.push({ kind: 'by_postgres', calls })
  if (verdicts.length === 0 && policies.length > 0)
    verdicts.push({ kind: 'fine', asked: policies.reduce((sum, { admitted, refused }) => sum + admitted + refused, 0) })
  return verdicts
}
