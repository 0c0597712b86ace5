import { SetPolicy } from '@/server/services/limits/limits.schema'
import type { ListedPolicy } from '@/server/services/limits/limits-report'

/** The form as it is typed. */
export type LimitDraft = {
  name: string
  tenant: string
  kind: ListedPolicy['kind']
  points: string
  windowSeconds: string
  refillPoints: string
  subject: 'user' | 'tenant' | 'other'
}

export const limitDraft = (policy: ListedPolicy | null, tenant: string | null): LimitDraft => ({
  name: policy?.name ?? '',
  tenant: policy ? (policy.tenant ?? '') : (tenant ?? ''),
  kind: policy?.kind ?? 'fixed_window',
  points: String(policy?.points ?? 60),
  windowSeconds: String(policy?.windowSeconds ?? 60),
  refillPoints: String(policy?.refillPoints ?? policy?.points ?? 60),
  subject: policy ? (policy.subject ?? 'other') : 'user',
})

const number = (text: string) => (/^\s*\d+\s*$/.test(text) ? Number(text) : NaN)

/** What is sent, or the first thing that is wrong with it. */
export function readDraft(draft: LimitDraft, create: boolean) {
  const input = SetPolicy.safeParse({
    name: draft.name.trim(),
    tenant: draft.tenant.trim() || null,
    kind: draft.kind,
    points: number(draft.points),
    windowSeconds: number(draft.windowSeconds),
    refillPoints: draft.kind === 'token_bucket' ? number(draft.refillPoints) : null,
    subject: draft.subject === 'other' ? null : draft.subject,
    create,
  })
  if (input.success) return { input: input.data, wrong: null }
  const [issue] = input.error.issues
  return { input: null, wrong: { field: String(issue?.path[0] ?? ''), message: issue?.message ?? '' } }
}
