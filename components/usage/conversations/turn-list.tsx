import { dayTime } from '@/components/format/instant'
import { CopyButton } from '@/components/ui/copy-button'
import type { ShownTurn } from '@/server/services/conversations/read-conversation'
import { CallLines } from './call-lines'

type Props = { turns: ShownTurn[]; timezone: string; now: string; tenant: string }

/** Turns in order; under each answer what it cost and how long it took, or why that is not known. */
export function TurnList({ turns, timezone, now, tenant }: Props) {
  return (
    <ol aria-label="Turns">
      {turns.map((turn) => (
        <li key={`${turn.begun}/${turn.ordinal}`} className="border-t border-line px-3.5 py-2 first:border-t-0">
          <header className="flex items-baseline gap-2 text-sm text-muted">
            <b className="font-medium text-text">{turn.role}</b>
            <time dateTime={turn.at}>{dayTime(turn.at, timezone, now)}</time>
            {turn.ordinal === 1 && <span>a session begins</span>}
            <span className="ml-auto">
              <CopyButton text={turn.content} label="Copy this turn" iconOnly />
            </span>
          </header>
          <p className="max-w-prose whitespace-pre-wrap wrap-anywhere">{turn.content}</p>
          {turn.calls.length > 0 ? (
            <div className="mt-1.5">
              <CallLines
                calls={turn.calls}
                timezone={timezone}
                now={now}
                tenant={tenant}
                byTime={turn.link === 'time'}
              />
            </div>
          ) : (
            <Without turn={turn} />
          )}
        </li>
      ))}
    </ol>
  )
}

function Without({ turn: { role, usageId } }: { turn: ShownTurn }) {
  if (usageId !== null)
    return (
      <p className="mt-1 text-sm text-muted">
        It names the call <code>{usageId}</code>, which was not reported for this conversation around that time.
      </p>
    )
  if (role !== 'assistant') return null
  return (
    <p className="mt-1 text-sm text-muted">No usage row: no call of this conversation was reported around that time.</p>
  )
}
