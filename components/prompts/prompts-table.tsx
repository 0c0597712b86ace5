'use client'

import type { ReactNode } from 'react'
import { CountCell, MissingCell, MoneyCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn, Sort } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { dayTime, fullStamp } from '@/components/format/instant'
import { servedText } from '@/components/format/served'
import { useScope, withScope } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'
import { Chip } from '@/components/ui/chip'
import type { ListedPrompt, PromptList } from '@/server/services/prompts/list-prompts'
import { MatchLine } from './match-line'
import { promptHref } from './prompt-href'

const liveOf = ({ channels }: ListedPrompt) => channels.find(({ channel }) => channel === 'production')
/** The server lists each prompt's channels by their last move, newest first. */
const lastMoved = ({ channels }: ListedPrompt) => channels[0]

const columnsFor = (timezone: string, asOf: string, search: string): DataColumn<ListedPrompt>[] => [
  {
    key: 'name',
    header: 'Name',
    cell: ({ name, match }) => (
      <>
        <NameCell name={name} />
        {match && <MatchLine match={match} length={search.trim().length} />}
      </>
    ),
    sortBy: ({ name }) => name,
  },
  {
    key: 'live',
    header: 'Live',
    cell: (prompt) => {
      const live = liveOf(prompt)
      return (
        <span className="flex flex-wrap gap-1">
          {live ? <Chip tone="ok">{servedText(live)}</Chip> : <MissingCell why="nothing is live on production" />}
          {prompt.waiting.map(({ channel, version }) => (
            <Chip key={channel} tone="warn">
              v{version} waits for approval{channel !== 'production' && ` on ${channel}`}
            </Chip>
          ))}
        </span>
      )
    },
  },
  {
    key: 'channels',
    header: 'Other channels',
    cell: ({ channels }) => (
      <span className="flex gap-1">
        {channels
          .filter(({ channel }) => channel !== 'production')
          .slice(0, 3)
          .map(({ channel, version, arms }) => (
            <Chip key={channel}>
              {channel} {servedText({ version, arms })}
            </Chip>
          ))}
      </span>
    ),
    wideOnly: true,
  },
  {
    key: 'versions',
    header: 'Versions',
    numeric: true,
    cell: ({ versions }) => <CountCell value={versions} />,
    sortBy: ({ versions }) => versions,
    wideOnly: true,
  },
  {
    key: 'moved',
    header: 'Last activation',
    cell: (prompt) => {
      const last = lastMoved(prompt)
      if (!last) return <MissingCell why="never activated" />
      return (
        <TextCell muted>
          <time title={fullStamp(last.at, timezone)}>{dayTime(last.at, timezone, asOf)}</time> · {last.by}
          {last.kind === 'rollback' && ' · rolled back'}
          {last.kind === 'rollout' && ' · rollout'}
        </TextCell>
      )
    },
    sortBy: (prompt) => lastMoved(prompt)?.at ?? null,
    wideOnly: true,
  },
  {
    key: 'requests',
    header: 'Requests',
    hint: 'In the range',
    numeric: true,
    cell: ({ requests }) => (
      <Idle when={requests === 0}>
        <CountCell value={requests} compact />
      </Idle>
    ),
    sortBy: ({ requests }) => requests,
  },
  {
    key: 'cost',
    header: 'Cost',
    hint: 'In the range, US dollars; calls without a known price are not in it',
    numeric: true,
    cell: ({ costUsd, requests, unpriced }) => (
      <Idle when={requests === 0}>
        <MoneyCell usd={requests > 0 && unpriced === requests ? null : costUsd} />
      </Idle>
    ),
    sortBy: ({ costUsd }) => Number(costUsd),
  },
]

/** Long names differ at their end: two lines of them where there is little room, the whole on hover. */
function NameCell({ name }: { name: string }) {
  return (
    <span
      title={name}
      className="line-clamp-2 w-32 font-mono text-sm leading-5 wrap-anywhere whitespace-normal @2xl:w-auto @2xl:max-w-80"
    >
      {name}
    </span>
  )
}

/** What had no calls steps back, so that what is in use stands out. */
function Idle({ when, children }: { when: boolean; children: ReactNode }) {
  return when ? <span className="text-faint">{children}</span> : children
}

const byName: Sort = { key: 'name', descending: false }

export function PromptsTable({
  list,
  search,
  sort,
  onSort,
}: {
  list: PromptList
  search: string
  sort: Sort | null
  onSort: (sort: Sort) => void
}) {
  const timezone = useTimezone()
  const { params } = useScope()
  return (
    <DataTable
      label="Prompts"
      memory="postgres"
      columns={columnsFor(timezone, list.asOf, search)}
      rows={list.prompts}
      rowKey={({ name }) => name}
      rowHref={({ name, match }) => withScope(promptHref(name) + (match ? `?version=${match.version}` : ''), params)}
      sort={sort ?? (search === '' ? byName : null)}
      onSortChange={onSort}
      total={list.total}
      empty={`No prompt holds “${search}” in its name or a version.`}
      note={search !== '' && search.trim().length < 3 && 'Contents are searched from three letters on.'}
    />
  )
}
