import type { Gap } from '@/components/charts/chart'
import { dayTime } from '@/components/format/instant'
import type { SampleGap } from '@/server/services/cache/sample-gaps'

type Clock = { timezone: string; now: string }

/** Why a stretch has no samples, in a sentence (R12). */
export function gapText({ from, to, reason }: SampleGap, { timezone, now }: Clock): string {
  const [start, end] = [dayTime(from, timezone, now), dayTime(to, timezone, now)]
  switch (reason) {
    case 'redis-away':
      return `Redis did not answer from ${start} to ${end}`
    case 'worker-away':
      return `no samples from ${start} to ${end}: the worker was not running`
    case 'never-sampled':
      return `no samples before ${end}: the worker was not running yet`
    case 'not-kept':
      return `samples before ${end} are no longer kept`
    case 'unknown':
      return `no samples from ${start} to ${end}: the worker was not running, or Redis did not answer`
  }
}

export const gapsOf = (gaps: SampleGap[], clock: Clock): Gap[] =>
  gaps.map((gap) => ({ from: gap.from, to: gap.to, reason: gapText(gap, clock), memory: 'redis' }))
