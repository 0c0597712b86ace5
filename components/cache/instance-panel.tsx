import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { bytesText } from '@/components/format/bytes'
import { compactCount, count, countText } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { shortDecimal } from '@/components/format/figure'
import { EvictionsStat, KeysStat, MemoryStat, OperationsStat, RedisStat } from '@/components/overview/redis-stats'
import { infoSource, levelSource } from '@/components/overview/sources'
import { changeText } from '@/components/overview/window-text'
import { Stats } from '@/components/ui/stat'
import type { CacheReport } from '@/server/services/cache/cache-report'

/** What the instance has room for and how hard it works; of all tenants, for INFO knows none. */
export function InstancePanel({
  state,
  data,
  window,
  before,
}: {
  state: PanelState
  data: CacheReport | undefined
  window: string
  before: string
}) {
  const last = data?.redis.last
  return (
    <Panel
      title="The instance"
      memory="redis"
      badge={last?.version}
      note={last && aboutInstance(last)}
      state={state}
      minHeight={108}
    >
      {data && <InstanceFigures {...{ data, window, before }} />}
      {last && <StateLine last={last} rejected={data?.redis.during.rejected ?? null} window={window} />}
    </Panel>
  )
}

function InstanceFigures({ data, window, before }: { data: CacheReport; window: string; before: string }) {
  const { last, during, before: earlier } = data.redis
  const range = { redis: data.redis, axis: data.axis, window }
  return (
    <Stats className="max-lg:grid-cols-2 max-lg:sm:grid-flow-row max-lg:sm:auto-cols-auto max-lg:sm:grid-cols-3">
      <MemoryStat range={range} />
      <EvictionsStat range={range} />
      <RedisStat
        range={range}
        label="Expired"
        measured={during.expired}
        figure={compactCount}
        source={(common) => infoSource(common, 'Σ Δ expired_keys')}
        remark={
          during.expired !== null && earlier.expired !== null
            ? changeText(during.expired, earlier.expired, before)
            : undefined
        }
        series="expiredPerSecond"
      />
      <OperationsStat range={range} label="Commands" />
      <KeysStat range={range} />
      <RedisStat
        range={range}
        label="Clients"
        measured={last}
        figure={({ clients }) => compactCount(clients)}
        source={(common) => levelSource(common, 'clients')}
        remark={during.clients === null ? undefined : `${shortDecimal(during.clients)} on average`}
        series="clients"
      />
    </Stats>
  )
}

/** What stands still until it goes wrong: memory lost, saving, replicas, room for clients. */
function StateLine({ last, rejected, window }: { last: Last; rejected: number | null; window: string }) {
  const asOf = Date.parse(last.at)
  const { lastSaveAt, lastSaveOk, changesSinceSave, role, replicas, replicaLagBytes, primaryLinkUp } = last
  const saved = lastSaveAt ? `${durationLong(asOf - Date.parse(lastSaveAt))} ago` : 'never since it started'
  const unknown = 'not read yet'
  const facts: [string, string, string][] = [
    [
      'Fragmentation',
      last.fragmentationRatio === null ? unknown : shortDecimal(last.fragmentationRatio),
      `${bytesText(last.rssBytes)} of the machine for ${bytesText(last.usedMemoryBytes)}`,
    ],
    [
      'Last save',
      lastSaveOk === null ? unknown : lastSaveOk ? saved : 'failed',
      changesSinceSave === null ? unknown : `${countText(changesSinceSave)} changes since`,
    ],
    [
      'Append-only file',
      last.appendOnly ? (last.appendOnlyOk === false ? 'failing' : 'on') : 'off',
      last.appendOnly ? 'the last write went well, as far as is known' : 'a restart goes back to the last save',
    ],
    [
      'Replication',
      role === null ? unknown : role === 'master' ? 'primary' : role === 'slave' ? 'replica' : 'mixed',
      primaryLinkUp !== null
        ? primaryLinkUp
          ? 'hears from its primary'
          : 'does not hear from its primary'
        : replicaLagBytes === null
          ? 'no replicas'
          : `${count(replicas ?? 0)} replicas, ${bytesText(replicaLagBytes)} behind`,
    ],
    [
      'Room for clients',
      last.maxClients === null ? unknown : `${countText(Math.max(0, last.maxClients - last.clients))} more`,
      `${rejected === null ? 'refused: not known' : `${count(rejected)} refused in the ${window}`} · ${count(last.blockedClients ?? 0)} blocked`,
    ],
    [
      'Eviction policy',
      last.maxMemoryPolicy,
      last.maxMemoryBytes > 0 ? bytesText(last.maxMemoryBytes) : 'no limit, so nothing is evicted',
    ],
  ]
  return (
    <dl className="grid grid-cols-2 border-t border-line sm:grid-cols-3 xl:grid-cols-6">
      {facts.map(([label, value, remark]) => (
        <div key={label} className="min-w-0 px-3.5 py-1.5 xl:[&+div]:border-l xl:[&+div]:border-line">
          <dt className="truncate text-sm text-muted">{label}</dt>
          <dd className="truncate font-medium tabular-nums">{value}</dd>
          <dd className="truncate text-sm text-muted" title={remark}>
            {remark}
          </dd>
        </div>
      ))}
    </dl>
  )
}

type Last = NonNullable<CacheReport['redis']['last']>

function aboutInstance({ uptimeSeconds }: Last): string {
  return `up ${durationLong(uptimeSeconds * 1000)}`
}
