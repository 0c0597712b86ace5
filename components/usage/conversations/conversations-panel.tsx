import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { windowText } from '@/components/overview/window-text'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { ListedConversation } from '@/server/services/conversations/list-conversations'
import { conversationColumns } from './conversation-columns'
import { useConversations } from './conversation-params'

const keyOf = ({ tenant, id }: ListedConversation) => `${tenant}/${id}`

export function ConversationsPanel() {
  const { params, setParams, scope, input } = useConversations()
  const queryClient = useQueryClient()
  // A list that somebody reads does not move under the eyes: it is read again when asked, from its beginning.
  const options = useTRPC().conversations.list.infiniteQueryOptions(input, {
    getNextPageParam: ({ next }) => next,
    initialCursor: null,
    meta: { still: true },
  })
  const query = useInfiniteQuery(options)
  const [first] = query.data?.pages ?? []
  const rows = query.data?.pages.flatMap((page) => page.conversations) ?? []
  const filtered = input.user !== null || input.prompt !== null || input.problem !== null || scope.tenant !== null
  const state = useUsageState(query, 'the conversations', {
    empty: first?.conversations.length === 0 && {
      title: filtered ? 'No conversation in this range passes these filters.' : 'Nobody talked in this range.',
      hint: filtered
        ? 'Take a filter off above, or choose a longer range at the top.'
        : 'Turns that applications add to a session, POST /v1/sessions/:id/turns, are kept here for good, with the calls that name the session as their conversation.',
    },
  })
  return (
    <Panel
      title="Conversations"
      memory="postgres"
      note={first && `last turn in ${windowText(scope, first.asOf)}`}
      source={
        first && {
          stores: ['postgres'],
          from: 'conversations + llm_usage by conversation',
          window: windowText(scope, first.asOf),
          asOf: first.asOf,
          precision: 'exact',
          detail:
            'Turns are written behind Redis, at most a second later. Calls, tokens and cost are of the whole conversation, not only of the range.',
        }
      }
      actions={
        <Button
          pending={query.isRefetching}
          onClick={() => void queryClient.resetQueries({ queryKey: options.queryKey })}
        >
          <RotateCw aria-hidden />
          Refresh
        </Button>
      }
      state={state}
      minHeight={400}
    >
      {first && (
        <>
          <DataTable<ListedConversation>
            label="Conversations"
            memory="postgres"
            columns={conversationColumns(scope.timezone, first.asOf, scope.tenant === null)}
            rows={rows}
            rowKey={keyOf}
            onSelect={(row) => void setParams({ conversation: keyOf(row) })}
            selectedKey={params.conversation}
            alreadySorted
          />
          {query.hasNextPage && (
            <div className="flex justify-center border-t border-line p-2">
              <Button pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show more
              </Button>
            </div>
          )}
        </>
      )}
    </Panel>
  )
}
