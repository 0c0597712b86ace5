import { count } from '@/components/format/count'
import type { FlagPreview } from '@/server/services/flags/preview-flag'
import type { ShownRules } from '@/server/services/flags/list-flags'

const some = (number: number, one: string) => `${count(number)} ${one}${number === 1 ? '' : 's'}`

/** "20 %, 2 users, group beta", "off", "everybody". */
export function rulesText({ enabled, share, users, groups }: ShownRules): string {
  if (!enabled) return 'off'
  if (share === 100) return 'everybody'
  const parts = [
    share > 0 && `${share} %`,
    users.length > 0 && (users.length === 1 ? `user ${users[0]}` : some(users.length, 'user')),
    groups.length > 0 &&
      (groups.length < 3 ? groups.map((group) => `group ${group}`).join(', ') : some(groups.length, 'group')),
  ].filter((part) => part !== false)
  return parts.join(', ') || 'nobody'
}

/** What a change would do to the users that were seen lately. */
export function previewText({ seen, most, before, after, gained, lost }: FlagPreview): string {
  if (seen === 0) return 'No calls named a user in the last 7 days: nobody to count it on.'
  const of = `${most ? 'Of the first' : 'Of'} ${some(seen, 'user')} seen in the last 7 days`
  if (gained + lost === 0) return `${of}, none would notice: ${count(after)} have it.`
  const moves = [gained > 0 && `${count(gained)} would get it`, lost > 0 && `${count(lost)} would lose it`]
  return `${of}, ${moves.filter(Boolean).join(' and ')}: ${count(before)} have it now, ${count(after)} would.`
}
