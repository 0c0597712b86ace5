'use client'

import { useQuery } from '@tanstack/react-query'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { tokensChangeText } from '@/components/format/tokens'
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

/** How much dearer or cheaper the text became, and what it runs on: +38 tokens (+14 %) · gpt-4o-mini · temperature 0.2. */
function Size({ version, against }: ComparedVersions) {
  const { temperature } = version.config
  const facts = [
    tokensChangeText(against, version),
    version.model,
    typeof temperature === 'number' && `temperature ${temperature}`,
  ].filter(Boolean)
  const how = version.exact
    ? `Counted with ${version.tokenizer}, as ${version.model} does`
    : `Counted with ${version.tokenizer ?? 'no tokenizer'}: an approximation for ${version.model ?? 'an unknown model'}`
  return <span title={how}>{facts.join(' · ')}</span>
}
