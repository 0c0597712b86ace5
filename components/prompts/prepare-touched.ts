import { compactRate, count } from '@/components/format/count'
import { type Figure, missingFigure } from '@/components/format/figure'
import { money } from '@/components/format/money'
import type { Source } from '@/components/feedback/source-note'
import type { Touched } from '@/server/services/prompts/touched-by-change'

export type TouchedRow = { label: string; figure: Figure; aside?: string; source?: Source }

/** As the server counts (touched-by-change.ts). */
const TRAFFIC_MINUTES = 15
const SESSION_MINUTES = 30

/** Shown while the figures are on their way. */
export const touchedLabels = [
  'Requests per minute',
  'Live sessions',
  'Cached answers to re-warm',
  'Prompts that include it',
  'Approval',
]

const plain = (value: string): Figure => ({ value, unit: '' })
const versionsText = (versions: readonly number[]) => versions.map((version) => `v${version}`).join(', ')

/** What a change of the pointer touches, as rows of a card; a figure that is missing says why (R12). */
export const touchedRows = (touched: Touched): TouchedRow[] => [
  traffic(touched),
  sessions(touched),
  answers(touched),
  includers(touched),
  approval(touched),
]

function traffic({ traffic, served, asOf }: Touched): TouchedRow {
  const label = 'Requests per minute'
  if (traffic.missing !== null) return { label, figure: missingFigure(traffic.missing) }
  return {
    label,
    figure: plain(traffic.requests === 0 ? 'none' : compactRate(traffic.perMinute, 'min').value),
    source: {
      stores: ['postgres'],
      from: 'llm_usage',
      window: `last ${TRAFFIC_MINUTES} min`,
      asOf,
      precision: 'exact',
      detail: `${count(traffic.requests)} calls of ${versionsText(served) || 'no version'}, on whichever channel they were made.`,
    },
  }
}

function sessions({ sessions, leaving, asOf }: Touched): TouchedRow {
  const label = leaving.length > 0 ? `Live sessions on ${versionsText(leaving)}` : 'Live sessions'
  if (sessions.missing !== null) return { label, figure: missingFigure(sessions.missing) }
  const source: Source = {
    stores: ['postgres', 'redis'],
    from: 'conversations in llm_usage, then ZMSCORE of live sessions',
    window: `calls of the last ${SESSION_MINUTES} min`,
    asOf,
    precision: 'exact',
    detail: 'Sessions that are alive and whose conversation, of the same id, used the version.',
  }
  if (sessions.live === null) return { label, figure: missingFigure('none known: usage events carry no conversation') }
  return { label, figure: plain(sessions.more ? `at least ${count(sessions.live)}` : noneOr(sessions.live)), source }
}

function answers({ answers, leaving, asOf }: Touched): TouchedRow {
  const label = 'Cached answers to re-warm'
  if (answers.missing !== null) return { label, figure: missingFigure(answers.missing) }
  if (answers.count === 0)
    return {
      label,
      figure: plain('none known'),
      source: {
        stores: ['redis'],
        from: 'ZCOUNT of the digests per version',
        asOf,
        precision: 'exact',
        detail: 'Counted are answers whose PUT /v1/cache names the prompt and its version.',
      },
    }
  return {
    label,
    figure: plain(`at most ${count(answers.count)}`),
    aside: answers.costUsd === null ? 'unpriced' : `≈ ${money(answers.costUsd)}`,
    source: {
      stores: ['redis', 'postgres'],
      from: 'ZCOUNT of the digests per version × usage_hourly',
      asOf,
      precision: 'estimated',
      detail:
        answers.costUsd === null
          ? `No priced call of ${versionsText(leaving)} in the last 24 h says what an answer costs.`
          : `Answers that have not expired, at the mean cost of ${count(answers.priced)} calls of ${versionsText(leaving)} that no cache answered, last 24 h. At most: evicted answers are not seen.`,
    },
  }
}

function includers({ includers, asOf }: Touched): TouchedRow {
  const label = 'Prompts that include it'
  if (includers.missing !== null) return { label, figure: missingFigure(includers.missing) }
  const { names, total } = includers
  const more = total > names.length ? ` and ${count(total - names.length)} more` : ''
  return {
    label,
    figure: plain(total === 0 ? 'none' : names.join(', ') + more),
    source: {
      stores: ['postgres'],
      from: 'prompt_deployments, prompt_versions',
      asOf,
      precision: 'exact',
      detail: 'What is live on this channel and includes it serves the change at once.',
    },
  }
}

function approval({ approval, asOf }: Touched): TouchedRow {
  const label = 'Approval'
  if (approval.missing !== null) return { label, figure: missingFigure(approval.missing) }
  return {
    label,
    figure: plain(approval.required ? 'by a second person' : 'not required'),
    source: { stores: ['postgres'], from: 'prompt_channels', asOf, precision: 'exact' },
  }
}

const noneOr = (value: number) => (value === 0 ? 'none' : count(value))
