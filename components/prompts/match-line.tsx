import type { Match } from '@/server/services/prompts/search-prompts'

/** As the server cuts it: characters before the match, and in all. */
const SHOWN_BEFORE = 40
const SHOWN = 160

const oneLine = (text: string) => text.replace(/\s+/g, ' ')

/** The newest version that holds what was searched for, with the text around it. */
export function MatchLine({ match: { version, text, before }, length }: { match: Match; length: number }) {
  return (
    <span className="line-clamp-2 max-w-120 text-sm leading-5 wrap-anywhere whitespace-normal text-muted">
      v{version}: {oneLine(before < SHOWN_BEFORE ? text.slice(0, before) : text.slice(0, before).replace(/^\S*/, '…'))}
      <mark className="rounded-sm bg-warn-soft text-warn-ink">{oneLine(text.slice(before, before + length))}</mark>
      {oneLine(text.length < SHOWN ? text.slice(before + length) : text.slice(before + length).replace(/\S*$/, '…'))}
    </span>
  )
}
