/**
 * The page of a prompt. Slashes of the name stay slashes where a URL keeps them; a name with an empty segment or a dot
 * for one would be changed on the way, so there the whole is encoded.
 */
export function promptHref(name: string): string {
  const segments = name.split('/')
  const fragile = segments.some((segment) => ['', '.', '..'].includes(segment))
  return `/prompts/${fragile ? encodeURIComponent(name) : segments.map(encodeURIComponent).join('/')}`
}

/** The name that the segments of such an address mean; null when they are not percent-encoded UTF-8. */
export function promptNameOf(segments: readonly string[]): string | null {
  try {
    return segments.map(decodeURIComponent).join('/')
  } catch {
    return null
  }
}
