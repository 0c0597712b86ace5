import { router, viewer } from '@/server/console/trpc'
import { deletePolicy } from '@/server/services/limits/delete-policy'
import {
  DeletePolicy,
  LimitsAt,
  LimitsScope,
  PolicyScope,
  ResetSubject,
  SetPolicy,
  WhatIf,
} from '@/server/services/limits/limits.schema'
import { limitsAt } from '@/server/services/limits/limits-at'
import { limitsReport } from '@/server/services/limits/limits-report'
import { policyReport } from '@/server/services/limits/policy-report'
import { resetSubject } from '@/server/services/limits/reset-subject'
import { setPolicy } from '@/server/services/limits/set-policy'
import { whatIf } from '@/server/services/limits/what-if'

export const limits = router({
  report: viewer.input(LimitsScope).query(({ ctx, input }) => limitsReport(ctx.stores, input)),
  at: viewer.input(LimitsAt).query(({ ctx, input }) => limitsAt(ctx.stores, input)),
  policy: viewer.input(PolicyScope).query(({ ctx, input }) => policyReport(ctx.stores, input)),
  whatIf: viewer.input(WhatIf).query(({ ctx, input }) => whatIf(ctx.stores, input)),
  set: viewer.input(SetPolicy).mutation(({ ctx, input }) => setPolicy(ctx.caller, input)),
  delete: viewer.input(DeletePolicy).mutation(({ ctx, input }) => deletePolicy(ctx.caller, input)),
  reset: viewer.input(ResetSubject).mutation(({ ctx, input }) => resetSubject(ctx.caller, input)),
})
