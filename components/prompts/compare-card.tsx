'use client'

import { useQuery } from '@tanstack/react-query'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { relativeChange, relativeText } from '@/components/format/delta'
import { minus } from '@/components/format/figure'
import { useTRPC } from '@/components/shell/trpc'
import { Combobox } from '@/components/ui/combobox'
import type { ComparedVersions } from '@/server/services/prompts/compare-versions'
import { comparisonOf } from './comparison'
import { SettingsDiff } from './settings-diff'
import { VersionDiff } from './version-diff'

/** The text of a version against another one, chosen on the right. */
export function CompareCard({
  name,
  version,
  against,
  versions,
  onAgainst,
}: {
  name: string
  version: number
  against: number | null
  versions: number[]
  onAgainst: (version: number) => void
}) {
  const query = useQuery(comparisonOf(useTRPC(), { name, version, against }))
  const compared = query.data
  return (
    <Panel
      title={against === null ? `v${version}` : `v${against} → v${version}`}
      state={panelState(query, `version ${version}`)}
      note={compared && <Size {...compared} />}
      minHeight={240}
      className="overflow-hidden"
      actions={
        versions.length > 1 && (
          <Combobox
            label="Compare with"
            value={against === null ? null : String(against)}
            onValueChange={(chosen) => onAgainst(Number(chosen))}
            options={versions
              .filter((candidate) => candidate !== version)
              .map((candidate) => ({ value: String(candidate), label: `v${candidate}` }))}
            placeholder="compare with"
            className="h-6.5"
          />
        )
      }
    >
      {compared && (
        <>
          <VersionDiff
            before={compared.against?.content ?? compared.version.content}
            after={compared.version.content}
            label={against === null ? `Text of version ${version}` : `Changes from version ${against} to ${version}`}
          />
          <SettingsDiff before={compared.against} after={compared.version} />
        </>
      )}
    </Panel>
  )
}

/** How much longer or shorter the text became, in characters: tokens depend on the model's own tokenizer. */
function Size({ version, against }: ComparedVersions) {
  const size = version.content.length
  if (!against) return <span>{count(size)} characters</span>
  const difference = size - against.content.length
  if (difference === 0) return <span>{version.content === against.content ? 'same text' : 'same length'}</span>
  return (
    <span>
      {difference < 0 ? minus : '+'}
      {count(Math.abs(difference))} characters ({relativeText(relativeChange(size, against.content.length))})
    </span>
  )
}
