import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PanelBody } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import type { KeyRef } from '@/server/services/redis-keys/redis-keys.schema'
import { askedBy } from './asked-by'
import { EditDialog, type Edited } from './edit-dialog'
import { lengthText } from './key-words'
import { PartDialog } from './part-dialog'
import { PartsTable } from './parts-table'
import { StringView } from './string-view'
import type { KeyChanges } from './use-key-changes'

/** So many pages are kept on screen; a long value is read elsewhere. */
const MOST_PAGES = 50

/** The value, a page at a time. `changes` is null for who may only look. */
export function ValueView({ keyRef, changes }: { keyRef: KeyRef; changes: KeyChanges | null }) {
  const [edited, setEdited] = useState<Edited | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const query = useInfiniteQuery(
    useTRPC().redisKeys.page.infiniteQueryOptions(keyRef, {
      getNextPageParam: ({ next }) => next,
      initialCursor: null,
      ...askedBy(keyRef),
      gcTime: 0,
    }),
  )
  const pages = query.data?.pages ?? []
  const [first] = pages
  const parts = pages.flatMap((page) => page.parts)
  const part = parts.find(({ at }) => at === opened)
  const edit = changes ? setEdited : null
  return (
    <PanelBody state={panelState(query, 'the value')} title="the value" minHeight={160}>
      {first && (
        <>
          {first.unreadable ? (
            <p className="px-3.5 py-4 text-muted">{first.unreadable}</p>
          ) : first.type === 'string' ? (
            <StringView parts={parts} length={first.length ?? 0} complete={!query.hasNextPage} onEdit={edit} />
          ) : (
            <PartsTable type={first.type} parts={parts} changes={changes} onEdit={edit} onOpen={setOpened} />
          )}
          <div className="flex flex-wrap items-center gap-2 border-t border-line px-3.5 py-2 text-sm text-muted empty:hidden">
            {first.type !== 'string' && !first.unreadable && (
              <span>
                {first.sampled
                  ? `${count(parts.length)} of ${lengthText(first.type, first.length ?? 0)}, at random: this Redis cannot list them in order`
                  : `${count(parts.length)} of ${lengthText(first.type, first.length ?? 0)}`}
              </span>
            )}
            {query.hasNextPage && pages.length < MOST_PAGES && (
              <Button className="ml-auto" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show more
              </Button>
            )}
            {query.hasNextPage && pages.length >= MOST_PAGES && <span className="ml-auto">No more is shown here.</span>}
          </div>
        </>
      )}
      {edited && changes && <EditDialog edited={edited} changes={changes} onClose={() => setEdited(null)} />}
      {part && first && <PartDialog type={first.type} part={part} onClose={() => setOpened(null)} />}
    </PanelBody>
  )
}
