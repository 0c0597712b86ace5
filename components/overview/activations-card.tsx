import { Link } from '@/components/ui/link'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { dayTime, fullStamp } from '@/components/format/instant'
import { durationText } from '@/components/format/duration'
import { servedText, weightText } from '@/components/format/served'
import { Chip } from '@/components/ui/chip'
import type { Activation } from '@/server/services/overview/activation-marks'

/** The newest moves of prompts, whenever they were. */
export function ActivationsCard({
  state,
  activations,
  timezone,
  now,
  link,
}: {
  state: PanelState
  activations: Activation[]
  timezone: string
  now: string
  link: (activation: Activation) => string
}) {
  return (
    <Panel title="Newest activations" memory="postgres" note="applied to Redis after" state={state} minHeight={172}>
      <ul className="pb-1.5">
        {activations.map((activation) => (
          <li
            key={`${activation.name} ${activation.channel} ${activation.revision}`}
            className="relative grid grid-cols-[minmax(0,1fr)_auto_auto] items-baseline gap-x-3 px-3.5 py-1.5 not-first:border-t not-first:border-line hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_76px_132px_56px]"
          >
            <Link href={link(activation)} className="truncate font-mono text-sm leading-5 after:absolute after:inset-0">
              {activation.name}
              {activation.channel !== 'production' && <span className="text-muted"> {activation.channel}</span>}
            </Link>
            <Moved activation={activation} />
            <time
              dateTime={activation.at}
              title={fullStamp(activation.at, timezone)}
              className="truncate text-right text-muted sm:text-left"
            >
              {dayTime(activation.at, timezone, now)} · {activation.by}
            </time>
            <span className="text-right text-muted max-sm:hidden">
              <Applied activation={activation} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Of a rollout only what it added has room. */
function Moved({ activation }: { activation: Activation }) {
  const { previousVersion, version, arms } = activation
  const newest = arms?.findLast((arm) => arm.version !== version)
  return (
    <span className="whitespace-nowrap text-muted" title={arms ? servedText(activation) : undefined}>
      {newest ? `${weightText(newest.weight)} ` : previousVersion === null ? 'first ' : `v${previousVersion} → `}
      <b className="font-semibold text-text">v{newest?.version ?? version}</b>
    </span>
  )
}

function Applied({ activation: { at, appliedAt, kind } }: { activation: Activation }) {
  if (appliedAt === null) return <Chip tone="warn">not yet</Chip>
  const text = durationText(Date.parse(appliedAt) - Date.parse(at))
  return kind === 'rollback' ? <span title="A rollback">↩ {text}</span> : text
}
