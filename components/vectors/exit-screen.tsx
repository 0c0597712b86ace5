'use client'

import { useQuery } from '@tanstack/react-query'
import { MissingCell } from '@/components/data-table/cells'
import { Panel } from '@/components/feedback/panel'
import { Sourced } from '@/components/feedback/source-note'
import { type Severity, Verdicts } from '@/components/feedback/verdicts'
import { useTRPC } from '@/components/shell/trpc'
import { Chip, type ChipTone } from '@/components/ui/chip'
import { useUsageState } from '@/components/usage/use-usage-state'
import { type ExitLine, exitLines } from './exit-words'
import { VectorsTabs } from './vectors-tabs'

const EVERY_MS = 30_000
const tones = { green: 'ok', amber: 'warn', red: 'bad' } as const satisfies Record<string, ChipTone>

/** Whether it is time to leave pgvector: six figures of this installation, each with what would change it. */
export function ExitScreen() {
  const report = useQuery(useTRPC().vectors.exit.queryOptions(undefined, { refetchInterval: EVERY_MS }))
  const state = useUsageState(report, 'the exit criteria')
  const lines = report.data ? exitLines(report.data) : []
  return (
    <>
      <VectorsTabs />
      {lines.length > 0 && <Verdicts items={[{ key: 'exit', ...verdictOf(lines) }]} />}
      <Panel title="When to leave pgvector" memory="postgres" edge state={state} minHeight={320}>
        <ul aria-label="Exit criteria">
          {lines.map((line) => (
            <Criterion key={line.key} line={line} />
          ))}
        </ul>
      </Panel>
    </>
  )
}

function Criterion({ line: { name, tone, figure, why, thresholds, origin, remedy, source } }: { line: ExitLine }) {
  return (
    <li className="grid gap-x-4 gap-y-1 border-t border-line px-3.5 py-2.5 lg:grid-cols-[5.5rem_minmax(0,1fr)_minmax(0,1fr)]">
      <div>
        <Chip tone={tone ? tones[tone] : 'neutral'}>{tone ?? 'not known'}</Chip>
      </div>
      <div className="min-w-0">
        <h3 className="text-sm text-muted">{name}</h3>
        <p className="font-medium tabular-nums">
          {figure === null ? (
            <>
              <MissingCell why={why ?? ''} /> <span className="font-normal text-muted">{why}</span>
            </>
          ) : (
            <Sourced source={source} className="text-left">
              {figure}
            </Sourced>
          )}
        </p>
      </div>
      <div className="min-w-0 text-sm">
        <p className="text-muted">{thresholds}</p>
        <p>{tone === 'red' || tone === 'amber' ? <strong className="font-medium">{remedy}</strong> : remedy}</p>
        <p className="text-faint">{origin}</p>
      </div>
    </li>
  )
}

/** One sentence over all of them. */
export function verdictOf(lines: Pick<ExitLine, 'tone' | 'name'>[]): {
  severity: Severity
  text: string
  note: string
} {
  const of = (tone: ExitLine['tone']) => lines.filter((line) => line.tone === tone)
  const named = (some: typeof lines) => some.map(({ name }) => name.toLowerCase()).join(', ')
  const [red, amber, unknown] = [of('red'), of('amber'), of(null)]
  const unsaid = unknown.length > 0 ? `Not known: ${named(unknown)}.` : 'Every figure is known.'
  if (red.length > 0)
    return {
      severity: 'bad',
      text: `${red.length} of ${lines.length} ${red.length === 1 ? 'speaks' : 'speak'} for leaving: ${named(red)}.`,
      note: 'Do what stands beside them first; leave when they are red again.',
    }
  if (amber.length > 0) return { severity: 'warn', text: `Stay, and watch: ${named(amber)}.`, note: unsaid }
  return { severity: 'ok', text: 'Stay: nothing that is known speaks for leaving pgvector.', note: unsaid }
}
