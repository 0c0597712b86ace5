import { Link } from '@/components/ui/link'
import type { ReactNode } from 'react'
import { count } from '@/components/format/count'
import { durationLong, durationText } from '@/components/format/duration'
import { fullStamp } from '@/components/format/instant'
import { promptHref } from '@/components/prompts/prompt-href'
import { Card, CardHeader } from '@/components/ui/card'
import { Chip } from '@/components/ui/chip'
import type { UsageRequest } from '@/server/services/usage/usage-request'
import { statusTone } from './call-columns'
import { conversationHref } from './conversations/conversation-params'
import { usageHref } from './search-params'

const link = 'underline decoration-line-strong underline-offset-4 hover:decoration-current'

/** What was reported of the call, by whom, and when. */
export function CallFacts({ call, timezone }: { call: UsageRequest; timezone: string }) {
  const late = Date.parse(call.receivedAt) - Date.parse(call.occurredAt)
  return (
    <Card aria-label="What was reported">
      <CardHeader title="What was reported" />
      <dl className="text-sm">
        <Fact name="Status">
          <Chip tone={statusTone(call.status)}>{call.status}</Chip>
        </Fact>
        <Fact name="Answered by">
          {call.cached ? "the application's own cache" : `${call.model} of ${call.provider}`}
        </Fact>
        <Fact name="Input tokens">
          {count(call.inputTokens)}
          <Small>
            {count(call.cachedInputTokens)} read from and {count(call.cacheWriteTokens)} written to the provider&apos;s
            cache
          </Small>
        </Fact>
        <Fact name="Output tokens">{count(call.outputTokens)}</Fact>
        <Fact name="Latency">
          {call.latencyMs === null ? <Missing>not reported</Missing> : durationText(call.latencyMs)}
          {call.ttftMs !== null && <Small>first token after {durationText(call.ttftMs)}</Small>}
        </Fact>
        <Fact name="Tenant">
          <Link className={link} href={usageHref('/usage', { tenant: call.tenant })}>
            {call.tenant}
          </Link>
        </Fact>
        <Fact name="User">{call.user ?? <Missing>not named</Missing>}</Fact>
        <Fact name="Conversation">
          {call.conversation === null ? (
            <Missing>not named</Missing>
          ) : (
            <Link className={link} href={conversationHref({ tenant: call.tenant, id: call.conversation })}>
              <code>{call.conversation}</code>
            </Link>
          )}
        </Fact>
        <Fact name="Prompt version">
          <Prompt prompt={call.prompt} />
        </Fact>
        <Fact name="Reported with">
          {call.key === null ? (
            <Missing>no key is recorded</Missing>
          ) : (
            <>
              {call.key.name ?? <code>{call.key.id}</code>}
              {call.key.simulated && <Small>a simulated application</Small>}
              {call.key.revokedAt !== null && <Small>revoked since</Small>}
            </>
          )}
        </Fact>
        <Fact name="Event id">
          <code className="wrap-anywhere">{call.id}</code>
        </Fact>
        <Fact name="Occurred">{fullStamp(call.occurredAt, timezone)}</Fact>
        <Fact name="Received">
          {fullStamp(call.receivedAt, timezone)}
          <Small>
            {late >= 0 ? `${durationLong(late)} later` : `${durationLong(-late)} before it says it occurred`}
          </Small>
        </Fact>
      </dl>
    </Card>
  )
}

function Prompt({ prompt }: { prompt: UsageRequest['prompt'] }) {
  if (prompt === null) return <Missing>none was named</Missing>
  if (!prompt.known)
    return (
      <>
        <code>{prompt.key}</code>
        <Small>Engram holds no such version</Small>
      </>
    )
  return (
    <Link className={link} href={`${promptHref(prompt.name)}?version=${prompt.version}`}>
      <code>{prompt.key}</code>
    </Link>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-2 border-t border-line px-3.5 py-1.5">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

const Small = ({ children }: { children: ReactNode }) => <span className="block text-muted">{children}</span>
const Missing = ({ children }: { children: ReactNode }) => <span className="text-muted">{children}</span>
