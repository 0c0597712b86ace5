/** What Redis' glob patterns mean (`*`, `?`, `[a-c]`, `[^a]`, `\` before a character meant as itself), as an expression. */
export function globExpression(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at)
    const end = char === '[' ? pattern.indexOf(']', at + 1) : -1
    if (char === '*') source += '[^]*'
    else if (char === '?') source += '[^]'
    else if (end > at + 1) {
      const inside = pattern.slice(at + 1, end)
      source += inside.startsWith('^') ? `[^${escapeSet(inside.slice(1))}]` : `[${escapeSet(inside)}]`
      at = end
    } else {
      if (char === '\\' && at + 1 < pattern.length) at++
      source += pattern.charAt(at).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    }
  }
  return new RegExp(`^${source}$`)
}

const escapeSet = (inside: string) => inside.replace(/[\\\][^]/g, '\\$&')

/** The same characters meant as themselves. */
export const globEscape = (text: string) => text.replace(/[*?[\]\\]/g, '\\$&')
