import { router, viewer } from '@/server/console/trpc'
import { ListConversations, ReadConversation } from '@/server/services/conversations/conversations.schema'
import { listConversations } from '@/server/services/conversations/list-conversations'
import { readConversation } from '@/server/services/conversations/read-conversation'

export const conversations = router({
  list: viewer.input(ListConversations).query(({ ctx, input }) => listConversations(ctx.stores, input)),
  read: viewer.input(ReadConversation).query(({ ctx, input }) => readConversation(ctx.stores, input)),
})
