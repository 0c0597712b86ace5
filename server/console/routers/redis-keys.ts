import { router, viewer } from '@/server/console/trpc'
import { deleteKey, editKey, expireKey, restoreKey } from '@/server/services/redis-keys/change-key'
import {
  addConnection,
  listConnections,
  removeConnection,
  setWritable,
  testConnection,
} from '@/server/services/redis-keys/connections'
import { cancelDelete, deletePattern, listDeletes } from '@/server/services/redis-keys/delete-pattern'
import { pageOfKey, peekKey } from '@/server/services/redis-keys/peek-key'
import { previewDelete } from '@/server/services/redis-keys/preview-delete'
import {
  AddConnection,
  DeleteKey,
  DeletePattern,
  EditKey,
  ExpireKey,
  KeyRef,
  PageOfKey,
  PatternDeleteId,
  PreviewDelete,
  RemoveConnection,
  RestoreKey,
  ScanKeys,
  SetWritable,
} from '@/server/services/redis-keys/redis-keys.schema'
import { scanKeys } from '@/server/services/redis-keys/scan-keys'

export const redisKeys = router({
  scan: viewer.input(ScanKeys).query(({ ctx, input }) => scanKeys(ctx.stores, input)),
  peek: viewer.input(KeyRef).query(({ ctx, input }) => peekKey(ctx.stores, input)),
  page: viewer.input(PageOfKey).query(({ ctx, input }) => pageOfKey(ctx.stores, input)),
  edit: viewer.input(EditKey).mutation(({ ctx, input }) => editKey(ctx.caller, input)),
  expire: viewer.input(ExpireKey).mutation(({ ctx, input }) => expireKey(ctx.caller, input)),
  delete: viewer.input(DeleteKey).mutation(({ ctx, input }) => deleteKey(ctx.caller, input)),
  restore: viewer.input(RestoreKey).mutation(({ ctx, input }) => restoreKey(ctx.caller, input)),
  previewDelete: viewer.input(PreviewDelete).query(({ ctx, input }) => previewDelete(ctx.stores, input)),
  deletes: viewer.query(({ ctx }) => listDeletes(ctx.stores)),
  deletePattern: viewer.input(DeletePattern).mutation(({ ctx, input }) => deletePattern(ctx.caller, input)),
  cancelDelete: viewer.input(PatternDeleteId).mutation(({ ctx, input }) => cancelDelete(ctx.caller, input)),
  connections: viewer.query(({ ctx }) => listConnections(ctx.stores)),
  testConnection: viewer.input(AddConnection).mutation(({ ctx, input }) => testConnection(ctx.caller, input)),
  addConnection: viewer.input(AddConnection).mutation(({ ctx, input }) => addConnection(ctx.caller, input)),
  setWritable: viewer.input(SetWritable).mutation(({ ctx, input }) => setWritable(ctx.caller, input)),
  removeConnection: viewer.input(RemoveConnection).mutation(({ ctx, input }) => removeConnection(ctx.caller, input)),
})
