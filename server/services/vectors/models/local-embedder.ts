/** Built in, as the migration registers it. */
export const LOCAL_MODEL = 'engram-local-256'
const DIMENSIONS = 256

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a over UTF-16 units; 32 bits. */
function hashOf(text: string): number {
  let hash = FNV_OFFSET
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME)
  // FNV's low bits are weak for short words: mixed once more, as MurmurHash3 ends.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

/**
 * Words and pairs of words, hashed to places of a vector of length 1: the same text always gives the same numbers, and texts
 * that share words are near each other. It knows nothing of meaning, needs no key, and calls nobody.
 */
export function embedLocally(text: string): number[] {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [text]
  const counts = new Map<string, number>()
  const add = (feature: string) => counts.set(feature, (counts.get(feature) ?? 0) + 1)
  for (const [place, word] of words.entries()) {
    add(word)
    if (place > 0) add(`${words[place - 1]} ${word}`)
  }
  const vector = new Array<number>(DIMENSIONS).fill(0)
  for (const [feature, count] of counts) {
    const hash = hashOf(feature)
    const place = hash % DIMENSIONS
    vector[place] = (vector[place] ?? 0) + (hash & 0x80000000 ? -1 : 1) * (1 + Math.log(count))
  }
  const length = Math.hypot(...vector)
  // Features may cancel each other out; a text is never without a direction.
  if (length === 0) vector[hashOf(text) % DIMENSIONS] = 1
  return length === 0 ? vector : vector.map((value) => value / length)
}
