import { count } from '@/components/format/count'
import { durationText } from '@/components/format/duration'
import { type ChangeInterval, changeText, coversNone, intervalText } from '@/components/format/interval'
import { money } from '@/components/format/money'
import { percentText } from '@/components/format/percent'
import type { Impact } from '@/server/services/prompts/activation-impact'

type Figures = NonNullable<Impact['after']>
type Changes = NonNullable<Impact['changes']>
type Estimated = Changes['cost']

export type ImpactRow = {
  key: keyof Changes
  label: string
  before: string
  after: string
  change: string
  /** The 95 % interval of the change, or what it lacks. */
  interval: string | null
  /** `worse`: beyond what chance explains; what got better is not celebrated. `unsure`: no difference can be claimed. */
  tone: 'worse' | 'unsure' | 'plain'
  /** Calls behind the row on either side. */
  n: [before: number, after: number]
}

type Question = {
  key: keyof Changes
  label: string
  kind: ChangeInterval['kind']
  bad: 'up' | 'down' | null
  show: (side: Figures) => string
  n: (side: Figures) => number
}

const none = '–'
const requests = (side: Figures) => side.requests
const share = (part: (side: Figures) => number) => (side: Figures) =>
  side.requests === 0 ? none : percentText(part(side) / side.requests)
const latency = (of: 'latencyP50' | 'latencyP95') => (side: Figures) =>
  side[of].value === null ? none : durationText(side[of].value)

const questions: Question[] = [
  { key: 'requests', label: 'Requests', kind: 'ratio', bad: null, show: (side) => count(side.requests), n: requests },
  {
    key: 'hitRate',
    label: 'Hit rate',
    kind: 'points',
    bad: 'down',
    show: share((side) => side.cached),
    n: requests,
  },
  {
    key: 'cost',
    label: 'Cost per 1,000',
    kind: 'ratio',
    bad: 'up',
    show: (side) => (side.costPer1000Usd === null ? none : money(side.costPer1000Usd)),
    n: (side) => side.priced,
  },
  {
    key: 'tokens',
    label: 'Tokens per request',
    kind: 'ratio',
    bad: 'up',
    show: (side) => (side.tokens.mean === null ? none : count(Math.round(side.tokens.mean))),
    n: requests,
  },
  {
    key: 'latencyP50Ms',
    label: 'Latency p50',
    kind: 'ms',
    bad: 'up',
    show: latency('latencyP50'),
    n: (side) => side.timed,
  },
  {
    key: 'latencyP95Ms',
    label: 'Latency p95',
    kind: 'ms',
    bad: 'up',
    show: latency('latencyP95'),
    n: (side) => side.timed,
  },
  { key: 'errorRate', label: 'Errors', kind: 'points', bad: 'up', show: share((side) => side.errors), n: requests },
]

/** Before against after, row by row; pure. `before` and `changes` are null where nothing was live before. */
export function prepareImpact({ kind, before, after, changes }: Pick<Impact, 'kind' | 'before' | 'after' | 'changes'>) {
  return questions.map(({ key, label, show, n, ...question }): ImpactRow => {
    const side = (figures: Figures | null) => (figures ? show(figures) : none)
    const known = { key, label, before: side(before), after: side(after) }
    const counts: [number, number] = [before ? n(before) : 0, after ? n(after) : 0]
    if (!changes) return { ...known, change: none, interval: null, tone: 'plain', n: counts }
    // A rollout decides itself how many requests each version gets.
    if (key === 'requests' && kind === 'rollout') return { ...known, ...shareOfAll(counts), n: counts }
    return { ...known, ...judge(changes[key], question), n: counts }
  })
}

type Judged = Pick<ImpactRow, 'change' | 'interval' | 'tone'>

function shareOfAll([before, after]: [number, number]): Judged {
  const all = before + after
  return { change: all === 0 ? none : `${percentText(after / all)} of both`, interval: null, tone: 'plain' }
}

function judge(estimated: Estimated, { kind, bad }: Pick<Question, 'kind' | 'bad'>): Judged {
  switch (estimated.state) {
    case 'few':
      return { change: 'not enough data yet', interval: `needs ${estimated.needed} on either side`, tone: 'unsure' }
    case 'no base':
      return { change: 'was nothing', interval: null, tone: 'unsure' }
    case 'known': {
      const change: ChangeInterval = { kind, ...estimated.interval }
      const interval = intervalText(change)
      if (coversNone(change)) return { change: 'no sure change', interval, tone: 'unsure' }
      const went = change.estimate > (kind === 'ratio' ? 1 : 0) ? 'up' : 'down'
      return { change: changeText(change), interval, tone: went === bad ? 'worse' : 'plain' }
    }
  }
}
