import { router, viewer } from '@/server/console/trpc'
import { askErasure } from '@/server/services/tenants/ask-erasure'
import { countTenant } from '@/server/services/tenants/count-tenant'
import { listErasures } from '@/server/services/tenants/erasures'
import { checkReceipt } from '@/server/services/tenants/sign-receipt'
import { CheckReceipt, EraseTenant, ListErasures, tenantRef } from '@/server/services/tenants/tenants.schema'

export const tenants = router({
  count: viewer.input(tenantRef).query(({ ctx, input }) => countTenant(ctx.stores, input)),
  erasures: viewer.input(ListErasures).query(({ ctx, input }) => listErasures(ctx.stores, input)),
  checkReceipt: viewer.input(CheckReceipt).query(({ ctx, input }) => checkReceipt(ctx.stores, input)),
  erase: viewer
    .input(EraseTenant)
    .mutation(async ({ ctx, input }) => ({ id: (await askErasure(ctx.caller, input)).id })),
})
