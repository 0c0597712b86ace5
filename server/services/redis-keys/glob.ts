const [STAR, ANY, OPEN, CLOSE, ESCAPE, NOT, DASH] = Array.from('*?[]\\^-', (character) => character.charCodeAt(0))

/** Whether a pattern of Redis may match a name that begins so: read as SCAN reads it, and never too narrowly. */
export function mayMatchPrefix(pattern: Uint8Array, prefix: Uint8Array): boolean {
  let at = 0
  for (const byte of prefix) {
    const token = pattern[at]
    if (token === undefined) return false
    if (token === STAR) return true
    if (token === OPEN) {
      const found = classAt(pattern, at)
      if (!found.has(byte)) return false
      at = found.end
    } else if (token === ESCAPE && at + 1 < pattern.length) {
      if (pattern[at + 1] !== byte) return false
      at += 2
    } else {
      if (token !== ANY && token !== byte) return false
      at++
    }
  }
  return true
}

/** What a class like `[a-c^]` holds, and where the pattern goes on after it. */
function classAt(pattern: Uint8Array, open: number): { has: (byte: number) => boolean; end: number } {
  const negated = pattern[open + 1] === NOT
  const held = new Set<number>()
  let at = open + (negated ? 2 : 1)
  for (; at < pattern.length && pattern[at] !== CLOSE; at++) {
    const escaped = pattern[at] === ESCAPE && at + 1 < pattern.length
    if (escaped) at++
    const from = pattern[at] ?? 0
    const to = pattern[at + 2]
    if (!escaped && pattern[at + 1] === DASH && to !== undefined) {
      for (let byte = Math.min(from, to); byte <= Math.max(from, to); byte++) held.add(byte)
      at += 2
    } else held.add(from)
  }
  return { has: (byte) => held.has(byte) !== negated, end: Math.min(at + 1, pattern.length) }
}
