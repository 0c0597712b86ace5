import { useNow } from '@/components/feedback/ticker'
import { bytesText } from '@/components/format/bytes'
import { dayTime, fullStamp } from '@/components/format/instant'
import { useScope } from '@/components/shell/search-params'
import type { VectorTenant } from './vector-types'

/** That a tenant sleeps, what that saves, and what wakes it; or that it was woken. */
export function SleepNote({ tenant: { indexOffAt, indexOffBytes, indexWantedBy } }: { tenant: VectorTenant }) {
  const { timezone } = useScope().scope
  const now = useNow()
  if (!indexOffAt) return null
  return (
    <p role="status" className="border-t border-line px-3.5 py-2">
      {indexWantedBy === null ? (
        <>
          Asleep since{' '}
          <time dateTime={indexOffAt} title={fullStamp(indexOffAt, timezone)}>
            {dayTime(indexOffAt, timezone, now ?? indexOffAt)}
          </time>{' '}
          · wakes on the next search or write · {bytesText(indexOffBytes ?? 0)} freed
        </>
      ) : (
        wanted[indexWantedBy]
      )}
    </p>
  )
}

const wanted = {
  search: 'Woken by a search: the index is built again',
  write: 'Woken by a write: the index is built again',
  load: 'A load took the index off: it is built again afterwards',
} as const
