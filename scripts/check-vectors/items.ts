import type { Random } from '@/scripts/simulate/random'

/** The application's own model. */
export const MODEL = 'check-32'
const DIMENSIONS = 32
const WORDS = 400
const WORDS_EACH = 12
export const kinds = ['note', 'fact']

export type Item = { id: string; content: string; kind: string; embedding: number[]; embeddingModel: string }
export type Memory = ReadonlyMap<string, Item>

export const randomVector = (random: Random) => Array.from({ length: DIMENSIONS }, () => random.next() - 0.5)

/** An item of a tenant, which its content names: no other may find it. */
export const newItem = (tenant: string, id: string, random: Random): Item => ({
  id,
  content: [tenant, ...Array.from({ length: WORDS_EACH }, () => `w${random.integer(WORDS)}`)].join(' '),
  kind: random.oneOf(kinds),
  embedding: randomVector(random),
  embeddingModel: MODEL,
})

export const asMemory = (items: readonly Item[]): Memory => new Map(items.map((item) => [item.id, item]))

export type Question = { embedding: number[]; k: number; kind?: string }
export type Found = { id: string; distance: number; content: string; kind: string }

/** Engram keeps vectors in single precision. */
const EXACT_TO = 1e-5

/** What is wrong with an answer, whatever the index left out: null where nothing is. And which share of the k nearest it found. */
export function judgeAnswer(memory: Memory, { embedding, k, kind }: Question, found: readonly Found[]) {
  const nearest = [...memory.values()]
    .filter((item) => kind === undefined || item.kind === kind)
    .map((item) => distanceOf(embedding, item.embedding))
    .sort((a, b) => a - b)
    .slice(0, k)
  const last = nearest.at(-1) ?? 0
  const recall =
    nearest.length === 0 ? 1 : found.filter(({ distance }) => distance <= last + EXACT_TO).length / nearest.length
  return { wrong: wrongIn(memory, { embedding, k, kind }, found, nearest.length), recall }
}

function wrongIn(
  memory: Memory,
  { embedding, kind }: Question,
  found: readonly Found[],
  wanted: number,
): string | null {
  if (found.length !== wanted) return `${found.length} items instead of ${wanted}`
  if (new Set(found.map(({ id }) => id)).size !== found.length) return 'an item twice'
  for (const [place, { id, content, distance, kind: itsKind }] of found.entries()) {
    const item = memory.get(id)
    if (!item) return `${id} is no item of this tenant`
    if (item.content !== content) return `${id} is "${content}" instead of "${item.content}"`
    if (itsKind !== item.kind || (kind !== undefined && itsKind !== kind)) return `${id} is of kind ${itsKind}`
    const own = distanceOf(embedding, item.embedding)
    if (Math.abs(own - distance) > EXACT_TO) return `${id} is ${distance} away instead of ${own}`
    if (distance < (found[place - 1]?.distance ?? -Infinity)) return `${id} is nearer than the one before`
  }
  return null
}

/** Cosine distance. */
function distanceOf(a: readonly number[], b: readonly number[]): number {
  let [dot, left, right] = [0, 0, 0]
  for (const [n, x] of a.entries()) {
    const y = b[n] ?? 0
    dot += x * y
    left += x * x
    right += y * y
  }
  return 1 - dot / Math.sqrt(left * right)
}
