import { router, viewer } from '@/server/console/trpc'
import {
  BudgetId,
  ChangeBudget,
  CreateBudget,
  ListBudgets,
  PreviewBudget,
} from '@/server/services/usage/budgets/budgets.schema'
import { changeBudget } from '@/server/services/usage/budgets/change-budget'
import { createBudget } from '@/server/services/usage/budgets/create-budget'
import { deleteBudget } from '@/server/services/usage/budgets/delete-budget'
import { listBudgets } from '@/server/services/usage/budgets/list-budgets'
import { previewBudget } from '@/server/services/usage/budgets/preview-budget'
import { reconcileNow } from '@/server/services/usage/budgets/reconcile-now'
import { restoreBudget } from '@/server/services/usage/budgets/restore-budget'
import { toldOfBudgets } from '@/server/services/usage/budgets/told-of-budgets'

export const budgets = router({
  list: viewer.input(ListBudgets).query(({ ctx, input }) => listBudgets(ctx.stores, input)),
  told: viewer.input(ListBudgets).query(({ ctx, input }) => toldOfBudgets(ctx.stores, input)),
  preview: viewer.input(PreviewBudget).query(({ ctx, input }) => previewBudget(ctx.stores, input)),
  create: viewer.input(CreateBudget).mutation(({ ctx, input }) => createBudget(ctx.caller, input)),
  change: viewer.input(ChangeBudget).mutation(({ ctx, input }) => changeBudget(ctx.caller, input)),
  delete: viewer.input(BudgetId).mutation(({ ctx, input }) => deleteBudget(ctx.caller, input)),
  reconcile: viewer.input(BudgetId).mutation(({ ctx, input }) => reconcileNow(ctx.caller, input)),
  restore: viewer.input(BudgetId).mutation(({ ctx, input }) => restoreBudget(ctx.caller, input)),
})
