'use client'

import { EmptyState } from '@/components/feedback/empty-state'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { ActivationCard } from './activation-card'
import { ApprovalCard } from './approval-card'
import { CompareCard } from './compare-card'
import { GuardCard } from './guard-card'
import { HistoryCard } from './history-card'
import { ImpactCard } from './impact-card'
import type { PromptParams, usePromptParams } from './prompt-params'
import type { OpenDialog } from './prompt-view'
import { RolloutCard } from './rollout-card'
import { useVersionKeys } from './use-version-keys'
import { VersionFiguresCard } from './version-figures-card'
import { VersionsCard } from './versions-card'

export const columns =
  'grid items-start gap-4 lg:grid-cols-[264px_minmax(0,1fr)] xl:grid-cols-[264px_minmax(0,1fr)_320px]'

/** Versions on the left, what is looked at in the middle, what was done on the right; one below the other when narrow. */
export function PromptColumns({
  page,
  shown,
  params,
  onParams,
  onDialog,
}: {
  page: PromptPage
  shown: { version: number; against: number | null } | null
  params: PromptParams
  onParams: ReturnType<typeof usePromptParams>[1]
  onDialog: (dialog: OpenDialog) => void
}) {
  const versions = page.versions.map(({ version }) => version)
  const show = (version: number) => void onParams({ version, against: null })
  useVersionKeys(versions, shown?.version ?? null, show)
  if (!shown) return <NoVersions name={page.name} onWrite={() => onDialog('write')} />
  const activation = page.activations.find(({ revision }) => revision === params.activation) ?? page.activations[0]
  return (
    <div className={columns}>
      <VersionsCard page={page} shown={shown.version} onShow={show} />
      <div className="grid min-w-0 gap-4">
        <CompareCard
          name={page.name}
          {...shown}
          versions={versions}
          onAgainst={(against) => void onParams({ version: shown.version, against })}
        />
        <ImpactCard name={page.name} channel={page.channel} revision={params.activation} />
        <VersionFiguresCard page={page} shown={shown.version} onShow={show} />
      </div>
      <div className="grid min-w-0 gap-4 lg:max-xl:col-start-2">
        <ApprovalCard
          page={page}
          onCompare={(version, against) => void onParams({ version, against, activation: null })}
          onDone={(revision) => void onParams({ activation: revision, version: null, against: null })}
        />
        <RolloutCard page={page} onShow={show} onDialog={onDialog} />
        <GuardCard page={page} />
        {activation && <ActivationCard page={page} activation={activation} />}
        <HistoryCard
          page={page}
          shown={activation?.revision ?? null}
          onShow={(revision) => void onParams({ activation: revision, version: null, against: null })}
        />
      </div>
    </div>
  )
}

function NoVersions({ name, onWrite }: { name: string; onWrite: () => void }) {
  return (
    <Card>
      <EmptyState
        title="No version yet"
        hint="Write the first one here, or send it from your pipeline with an operator key."
        command={[
          `curl -X POST "$ENGRAM_URL/v1/prompts/${encodeURIComponent(name)}/versions" \\`,
          '  -H "Authorization: Bearer $ENGRAM_OPERATOR_KEY" \\',
          '  -H "Content-Type: application/json" \\',
          `  -d '{"content": "You answer customers of {{company}}."}'`,
        ].join('\n')}
        action={<Button onClick={onWrite}>Write v1</Button>}
      />
    </Card>
  )
}
