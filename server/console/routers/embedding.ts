import { router, viewer } from '@/server/console/trpc'
import { listModels } from '@/server/services/vectors/models/list-models'
import { ModelRef, RegisterModel } from '@/server/services/vectors/models/models.schema'
import { registerModel } from '@/server/services/vectors/models/register-model'
import { removeModel } from '@/server/services/vectors/models/remove-model'
import { dropVectors } from '@/server/services/vectors/re-embedding/drop-vectors'
import { pauseReEmbedding } from '@/server/services/vectors/re-embedding/pause-re-embedding'
import { previewReEmbedding } from '@/server/services/vectors/re-embedding/preview-re-embedding'
import { reEmbeddingOf } from '@/server/services/vectors/re-embedding/re-embedding-of'
import { ReEmbeddingOf, TenantAndModel } from '@/server/services/vectors/re-embedding/re-embedding.schema'
import { resumeReEmbedding } from '@/server/services/vectors/re-embedding/resume-re-embedding'
import { startReEmbedding } from '@/server/services/vectors/re-embedding/start-re-embedding'
import { switchModel } from '@/server/services/vectors/re-embedding/switch-model'

export const embedding = router({
  models: viewer.query(({ ctx }) => listModels(ctx.stores)),
  register: viewer.input(RegisterModel).mutation(({ ctx, input }) => registerModel(ctx.caller, input)),
  remove: viewer.input(ModelRef).mutation(({ ctx, input }) => removeModel(ctx.caller, input)),
  of: viewer.input(ReEmbeddingOf).query(({ ctx, input }) => reEmbeddingOf(ctx.stores, input)),
  preview: viewer.input(TenantAndModel).query(({ ctx, input }) => previewReEmbedding(ctx.stores, input)),
  start: viewer.input(TenantAndModel).mutation(({ ctx, input }) => startReEmbedding(ctx.caller, input)),
  pause: viewer.input(ReEmbeddingOf).mutation(({ ctx, input }) => pauseReEmbedding(ctx.caller, input)),
  resume: viewer.input(ReEmbeddingOf).mutation(({ ctx, input }) => resumeReEmbedding(ctx.caller, input)),
  switch: viewer.input(TenantAndModel).mutation(({ ctx, input }) => switchModel(ctx.caller, input)),
  drop: viewer.input(TenantAndModel).mutation(({ ctx, input }) => dropVectors(ctx.caller, input)),
})
