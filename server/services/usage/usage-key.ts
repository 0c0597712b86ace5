/** A prompt version as one word: `support-reply@7`. */
export const promptKey = (name: string | null, version: string | number | null) =>
  name === null ? null : version === null ? name : `${name}@${version}`

/** The other way: without a version, all versions of the name are meant. */
export function promptOf(key: string): { name: string; version?: number } {
  const match = /^(.+)@(\d{1,9})$/s.exec(key)
  return match?.[1] ? { name: match[1], version: Number(match[2]) } : { name: key }
}
