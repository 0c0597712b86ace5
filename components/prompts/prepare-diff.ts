import { diffArrays, diffWordsWithSpace } from 'diff'
import { includePattern, variablePattern } from '@/server/services/prompts/variables.schema'

export type Piece = { text: string; changed: boolean; variable: boolean }
export type DiffLine = {
  kind: 'same' | 'added' | 'removed'
  /** Line numbers from 1; null on the side that does not have the line. */
  before: number | null
  after: number | null
  pieces: Piece[]
}

/** Beyond these the marks of single words cost more than they tell; lines are still compared. */
const MOST_CHARACTERS = 20_000
const PATIENCE_MS = 500
/** Two lines that share less than this have become another text: marking nearly every word would only be noise. */
const LEAST_COMMON = 0.3

/** Two texts line by line, with the words that differ marked. Pure; bounded in time for any input. */
export function prepareDiff(before: string, after: string): DiffLine[] {
  const [old, next] = [before.split('\n'), after.split('\n')]
  const parts = diffArrays(old, next, { timeout: PATIENCE_MS }) ?? [
    { value: old, removed: true, added: false },
    { value: next, removed: false, added: true },
  ]
  const lines: DiffLine[] = []
  let [beforeLine, afterLine] = [1, 1]
  parts.forEach((part, index) => {
    if (!part.added && !part.removed) {
      for (const text of part.value)
        lines.push({ kind: 'same', before: beforeLine++, after: afterLine++, pieces: pieces(text, []) })
      return
    }
    const other = parts[part.removed ? index + 1 : index - 1]
    const twin = other && other.added !== part.added && (other.added || other.removed) ? other.value : null
    const marks = twin ? changedIn(part.value, twin, part.removed) : part.value.map(() => [])
    part.value.forEach((text, line) =>
      lines.push({
        kind: part.removed ? 'removed' : 'added',
        before: part.removed ? beforeLine++ : null,
        after: part.removed ? null : afterLine++,
        pieces: pieces(text, marks[line] ?? []),
      }),
    )
  })
  return lines
}

type Range = readonly [start: number, end: number]

/** For each of `own` lines the stretches that `other` does not have. */
function changedIn(own: string[], other: string[], removed: boolean): Range[][] {
  const [mine, theirs] = [own.join('\n'), other.join('\n')]
  const none = own.map(() => [])
  if (mine.length + theirs.length > MOST_CHARACTERS) return none
  const words = removed
    ? diffWordsWithSpace(mine, theirs, { timeout: PATIENCE_MS })
    : diffWordsWithSpace(theirs, mine, { timeout: PATIENCE_MS })
  if (!words) return none
  const common = words.reduce((sum, { added, removed, value }) => sum + (added || removed ? 0 : value.length), 0)
  if (common < LEAST_COMMON * Math.min(mine.length, theirs.length)) return none

  const ranges: Range[][] = own.map(() => [])
  let [line, column] = [0, 0]
  for (const word of words) {
    if (removed ? word.added : word.removed) continue
    const changed = word.added || word.removed
    word.value.split('\n').forEach((text, index) => {
      if (index > 0) [line, column] = [line + 1, 0]
      if (changed && text !== '') ranges[line]?.push([column, column + text.length])
      column += text.length
    })
  }
  return ranges
}

/** A line cut where marks, `{{variables}}` and `{{> includes}}` begin and end. */
export function pieces(text: string, changed: readonly Range[]): Piece[] {
  const found = [...text.matchAll(variablePattern()), ...text.matchAll(includePattern())]
  const variables = found.map((match): Range => [match.index, match.index + match[0].length])
  const within = (ranges: readonly Range[], at: number) => ranges.some(([start, end]) => at >= start && at < end)
  const cuts = [...new Set([0, text.length, ...changed.flat(), ...variables.flat()])].sort((a, b) => a - b)
  return cuts.slice(0, -1).map((start, index) => ({
    text: text.slice(start, cuts[index + 1]),
    changed: within(changed, start),
    variable: within(variables, start),
  }))
}

export type Fold = { kind: 'fold'; lines: DiffLine[] }
const CONTEXT_LINES = 3

/** Leaves out what is the same far from any change, as one fold each. */
export function foldSame(lines: DiffLine[]): (DiffLine | Fold)[] {
  const near = new Set<number>()
  lines.forEach(({ kind }, index) => {
    if (kind === 'same') return
    for (let at = index - CONTEXT_LINES; at <= index + CONTEXT_LINES; at++) near.add(at)
  })
  if (near.size === 0) return lines
  const folded: (DiffLine | Fold)[] = []
  lines.forEach((line, index) => {
    if (near.has(index)) return void folded.push(line)
    const last = folded.at(-1)
    if (last?.kind === 'fold') last.lines.push(line)
    else folded.push({ kind: 'fold', lines: [line] })
  })
  return folded.flatMap((entry) => (entry.kind === 'fold' && entry.lines.length <= 2 ? entry.lines : [entry]))
}
