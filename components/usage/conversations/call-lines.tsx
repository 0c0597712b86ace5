import { Link } from '@/components/ui/link'
import { count } from '@/components/format/count'
import { durationText } from '@/components/format/duration'
import { clockSeconds, dayTime } from '@/components/format/instant'
import { money } from '@/components/format/money'
import { Chip } from '@/components/ui/chip'
import { statusTone } from '@/components/usage/call-columns'
import { usageHref } from '@/components/usage/search-params'
import type { ShownCall } from '@/server/services/conversations/read-conversation'

type Props = { calls: ShownCall[]; timezone: string; now: string; tenant: string; byTime?: boolean }

/** One line per call: model, prompt version, tokens, latency and cost; a press opens its whole story. */
export function CallLines({ calls, timezone, now, tenant, byTime = false }: Props) {
  return (
    <ul className="grid gap-1 text-sm">
      {calls.map((call) => (
        <li key={call.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 rounded-md bg-sunken px-2.5 py-1">
          <Link
            href={usageHref('/usage/requests', { tenant, call: `${tenant}/${call.id}` })}
            className="underline decoration-line-strong underline-offset-4 hover:decoration-current"
          >
            {call.model}
          </Link>
          {call.prompt && <code>{call.prompt}</code>}
          <span className="text-muted">
            {count(call.inputTokens)} in · {count(call.outputTokens)} out
          </span>
          <span className="text-muted">
            {call.latencyMs === null ? 'latency not reported' : durationText(call.latencyMs)}
          </span>
          <b className="font-medium">{money(call.costUsd)}</b>
          {call.cached && <Chip>from cache</Chip>}
          {call.status !== 'ok' && <Chip tone={statusTone(call.status)}>{call.status}</Chip>}
          <span className="ml-auto text-muted">
            {byTime && <span title="The turn names no call; this one was reported around that time.">by time · </span>}
            {dayTime(call.occurredAt, timezone, now)}
            {clockSeconds(call.occurredAt, timezone).slice(-3)}
          </span>
        </li>
      ))}
    </ul>
  )
}
