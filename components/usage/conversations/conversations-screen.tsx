'use client'

import { UsageTabs } from '@/components/usage/usage-tabs'
import { ConversationFilters } from './conversation-filters'
import { useConversations } from './conversation-params'
import { ConversationView } from './conversation-view'
import { ConversationsPanel } from './conversations-panel'

/** What was said, and what it cost: the conversations of the range, or the one that the address names. */
export function ConversationsScreen() {
  const { open } = useConversations()
  return (
    <>
      <UsageTabs>{!open && <ConversationFilters />}</UsageTabs>
      {open ? <ConversationView key={`${open.tenant}/${open.id}`} which={open} /> : <ConversationsPanel />}
    </>
  )
}
