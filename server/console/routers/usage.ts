import { router, viewer } from '@/server/console/trpc'
import { checksOfUsage } from '@/server/services/usage/checks/usage-checks'
import { compareUsage } from '@/server/services/usage/compare-usage'
import { breakdownOfUsage } from '@/server/services/usage/usage-breakdown'
import { latenciesOfModels } from '@/server/services/usage/model-latencies'
import { DaysInput } from '@/server/services/usage/days/days.schema'
import { summariesOfDays } from '@/server/services/usage/days/summaries-of-days'
import { deleteQuestion } from '@/server/services/usage/questions/delete-question'
import { listQuestions } from '@/server/services/usage/questions/list-questions'
import { QuestionId, SaveQuestion } from '@/server/services/usage/questions/questions.schema'
import { saveQuestion } from '@/server/services/usage/questions/save-question'
import { requestOfUsage } from '@/server/services/usage/usage-request'
import { requestsOfUsage } from '@/server/services/usage/usage-requests'
import { seriesOfUsage } from '@/server/services/usage/usage-series'
import { totalsOfUsage } from '@/server/services/usage/usage-totals'
import {
  usageBreakdownInput,
  usageComparisonInput,
  UsageRequestId,
  usageRequestsInput,
  usageScope,
  usageSeriesInput,
} from '@/server/services/usage/usage.schema'

export const usage = router({
  modelLatencies: viewer.input(usageScope).query(({ ctx, input }) => latenciesOfModels(ctx.stores, input)),
  days: viewer.input(DaysInput).query(({ ctx, input }) => summariesOfDays(ctx.stores, input)),
  questions: viewer.query(({ ctx }) => listQuestions(ctx.stores)),
  saveQuestion: viewer.input(SaveQuestion).mutation(({ ctx, input }) => saveQuestion(ctx.caller, input)),
  deleteQuestion: viewer.input(QuestionId).mutation(({ ctx, input }) => deleteQuestion(ctx.caller, input)),
  totals: viewer.input(usageScope).query(({ ctx, input }) => totalsOfUsage(ctx.stores, input)),
  series: viewer.input(usageSeriesInput).query(({ ctx, input }) => seriesOfUsage(ctx.stores, input)),
  breakdown: viewer.input(usageBreakdownInput).query(({ ctx, input }) => breakdownOfUsage(ctx.stores, input)),
  requests: viewer.input(usageRequestsInput).query(({ ctx, input }) => requestsOfUsage(ctx.stores, input)),
  request: viewer.input(UsageRequestId).query(({ ctx, input }) => requestOfUsage(ctx.stores, input)),
  checks: viewer.query(({ ctx }) => checksOfUsage(ctx.stores)),
  compare: viewer.input(usageComparisonInput).query(({ ctx, input }) => compareUsage(ctx.stores, input)),
})
