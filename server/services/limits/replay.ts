import type { LimitTerms } from '@/db/redis/limits'

/** What one subject asked in one minute, in points; minutes count whole minutes since 1970. */
export type Asked = { minute: number; points: number }

/**
 * How many points a limit would have admitted of what one subject asked. By the minute, for that is how it was counted: what
 * came within one minute is taken as one ask that may be admitted in part. Windows below a minute admit their points as
 * often as they fit into one. A sliding window forgets a minute once the whole of it has left the window.
 */
export function admittedOf({ kind, points, windowSeconds, refillPoints }: LimitTerms, asked: Asked[]): number {
  switch (kind) {
    case 'fixed_window':
      return windowSeconds < 60
        ? perMinute(asked, points * Math.floor(60 / windowSeconds))
        : fixed(asked, points, windowSeconds)
    case 'sliding_window':
      return windowSeconds < 60
        ? perMinute(asked, Math.floor((points * 60) / windowSeconds))
        : sliding(asked, points, Math.ceil(windowSeconds / 60))
    case 'token_bucket':
      return bucket(asked, points, ((refillPoints ?? points) * 60) / windowSeconds)
  }
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)

const perMinute = (asked: Asked[], most: number) => sum(asked.map(({ points }) => Math.min(points, most)))

function fixed(asked: Asked[], most: number, windowSeconds: number): number {
  const used = new Map<number, number>()
  for (const { minute, points } of asked) {
    const window = Math.floor((minute * 60) / windowSeconds)
    used.set(window, Math.min(most, (used.get(window) ?? 0) + points))
  }
  return sum([...used.values()])
}

function sliding(asked: Asked[], most: number, minutes: number): number {
  const inside: Asked[] = []
  let used = 0
  let admitted = 0
  for (const { minute, points } of asked) {
    while (inside[0] && inside[0].minute <= minute - minutes) used -= inside.shift()?.points ?? 0
    const taken = Math.min(points, most - used)
    inside.push({ minute, points: taken })
    used += taken
    admitted += taken
  }
  return admitted
}

/** Of a minute's flow what fits is there at once: within a minute nobody knows what came first. */
function bucket(asked: Asked[], most: number, perMinute: number): number {
  let level = most
  let next = asked[0]?.minute ?? 0
  let admitted = 0
  for (const { minute, points } of asked) {
    const there = Math.min(most, level + (minute - next) * perMinute) + perMinute
    const taken = Math.min(points, Math.floor(there))
    level = Math.min(most, there - taken)
    next = minute + 1
    admitted += taken
  }
  return admitted
}
