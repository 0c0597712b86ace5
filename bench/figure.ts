export type Goal = { atLeast: number } | { atMost: number } | { exactly: number }

/** What was measured, and what it is divided by, both in the same run on the same machine. */
export type Figure = {
  work: string
  ours: number
  unit: string
  other: number
  /** That of `ours` where absent. */
  otherUnit?: string
  dividedBy: string
  goal: Goal
}

/** Whether a figure reached its goal, and the line that says so. What is not a number reached nothing. */
export function judge({ work, ours, unit, other, otherUnit = unit, dividedBy, goal }: Figure) {
  const ratio = ours / other
  const reached = reaches(ratio, goal)
  const [[word, value] = ['', 0]] = Object.entries(goal) as [keyof typeof words, number][]
  const divided = `${format(ours)} ${unit} / ${format(other)} ${otherUnit} (${dividedBy})`
  const line = `${work}: ${format(ratio)} (goal ${words[word as keyof typeof words] ?? ''} ${format(value)}) = ${divided}`
  return { reached, line: `${reached ? 'reached' : 'MISSED '}  ${line}` }
}

const words = { atLeast: 'at least', atMost: 'at most', exactly: 'exactly' }

function reaches(ratio: number, goal: Goal): boolean {
  if ('atLeast' in goal) return ratio >= goal.atLeast
  if ('atMost' in goal) return ratio <= goal.atMost
  return ratio === goal.exactly
}

/** Never rounded to something rounder than it is: 1.0002 is not 1. */
const format = (value: number) =>
  value >= 100
    ? Math.round(value).toLocaleString('en')
    : value.toLocaleString('en', { maximumSignificantDigits: Number.isInteger(value) ? 3 : 5 })
