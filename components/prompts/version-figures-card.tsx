'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { usageSource } from '@/components/overview/sources'
import { windowText } from '@/components/overview/window-text'
import { useScope } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'
import { useTRPC } from '@/components/shell/trpc'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { FIGURES_RANGE } from './prompt-params'
import { versionFiguresColumns } from './version-figures-columns'

/** Pixels: eight versions, so that the page does not grow with the history. */
const TABLE_HEIGHT = 290

/** What each version did in the range that the address names, a day without one. */
export function VersionFiguresCard({
  page,
  shown,
  onShow,
}: {
  page: PromptPage
  shown: number
  onShow: (version: number) => void
}) {
  const { scope } = useScope(FIGURES_RANGE)
  const timezone = useTimezone()
  const query = useQuery(
    useTRPC().prompts.versionFigures.queryOptions({ name: page.name, scope }, { placeholderData: keepPreviousData }),
  )
  const figures = query.data
  const window = windowText(scope, figures?.asOf ?? page.asOf)
  return (
    <Panel
      title="By version"
      memory="postgres"
      note={scope.tenant ? `${window} · ${scope.tenant}` : window}
      source={
        figures &&
        usageSource(
          { window, asOf: figures.asOf },
          'Every channel together: calls name their prompt and version. Latency is of model calls in the newest 6 hours of the range.',
        )
      }
      state={panelState(query, 'the figures per version')}
      minHeight={120}
      className="overflow-hidden"
    >
      {figures && (
        <DataTable
          label="Figures per version"
          memory="postgres"
          columns={versionFiguresColumns(timezone, figures.asOf)}
          rows={page.versions.map(({ version }) => ({
            version,
            used: figures.versions.find((row) => row.version === version) ?? null,
          }))}
          rowKey={({ version }) => String(version)}
          onSelect={({ version }) => onShow(version)}
          selectedKey={String(shown)}
          maxHeight={TABLE_HEIGHT}
          alreadySorted
        />
      )}
    </Panel>
  )
}
