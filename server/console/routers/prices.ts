import { z } from 'zod'
import { router, viewer } from '@/server/console/trpc'
import { addOverride } from '@/server/services/usage/prices/add-override'
import { applyCorrection } from '@/server/services/usage/prices/apply-correction'
import { endOverride } from '@/server/services/usage/prices/end-override'
import { explainName } from '@/server/services/usage/prices/explain-price'
import { listAliases, listOverrides, listUnpriced, pricesInUse } from '@/server/services/usage/prices/list-prices'
import { previewCorrection } from '@/server/services/usage/prices/preview-correction'
import {
  AddOverride,
  CorrectionId,
  EntryId,
  NameToPrice,
  PreviewCorrection,
  PricesScope,
  SetAlias,
} from '@/server/services/usage/prices/prices.schema'
import { listCorrections, readCorrection } from '@/server/services/usage/prices/read-correction'
import { removeAlias } from '@/server/services/usage/prices/remove-alias'
import { setAlias } from '@/server/services/usage/prices/set-alias'
import { tenantSlug } from '@/server/services/text.schema'

const ofTenant = z.strictObject({ tenant: tenantSlug.nullable() })

export const prices = router({
  inUse: viewer.input(PricesScope).query(({ ctx, input }) => pricesInUse(ctx.stores, input)),
  unpriced: viewer.input(ofTenant).query(({ ctx, input }) => listUnpriced(ctx.stores, input)),
  overrides: viewer.query(({ ctx }) => listOverrides(ctx.stores)),
  aliases: viewer.query(({ ctx }) => listAliases(ctx.stores)),
  corrections: viewer.query(({ ctx }) => listCorrections(ctx.stores)),
  correction: viewer.input(CorrectionId).query(({ ctx, input }) => readCorrection(ctx.stores, input)),
  explain: viewer.input(NameToPrice).query(({ ctx, input }) => explainName(ctx.stores, input)),
  addOverride: viewer.input(AddOverride).mutation(({ ctx, input }) => addOverride(ctx.caller, input)),
  endOverride: viewer.input(EntryId).mutation(({ ctx, input }) => endOverride(ctx.caller, input)),
  setAlias: viewer.input(SetAlias).mutation(({ ctx, input }) => setAlias(ctx.caller, input)),
  removeAlias: viewer.input(EntryId).mutation(({ ctx, input }) => removeAlias(ctx.caller, input)),
  previewCorrection: viewer.input(PreviewCorrection).mutation(({ ctx, input }) => previewCorrection(ctx.caller, input)),
  applyCorrection: viewer.input(CorrectionId).mutation(({ ctx, input }) => applyCorrection(ctx.caller, input)),
})
