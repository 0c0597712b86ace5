/**
 * How bytes are shown, in the browser and in the audit log: UTF-8 as it is, everything else escaped, so that no name hides
 * or moves anything on the screen. `bytesOfText` is its inverse. Pure: works where there is no Buffer.
 */
const NAMED: Record<number, string> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' }
const hex = (byte: number) => `\\x${byte.toString(16).padStart(2, '0')}`

/** Controls, separators of lines, and what has no width or turns the direction of writing. */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]/u
const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** `most` cuts the text off after so many characters, with an ellipsis. */
export function keyText(bytes: Uint8Array, most = Infinity): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    if (text.length >= most) return `${text}…`
    const [shown, length] = shownAt(bytes, at)
    text += shown
    at += length
  }
  return text
}

function shownAt(bytes: Uint8Array, at: number): [string, number] {
  const byte = bytes[at] ?? 0
  const named = NAMED[byte]
  if (named !== undefined) return [named, 1]
  if (byte < 0x80) return byte < 0x20 || byte === 0x7f ? [hex(byte), 1] : [String.fromCharCode(byte), 1]
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1
  const some = bytes.subarray(at, at + length)
  const character = length > 1 && some.length === length ? decodedOrNull(some) : null
  if (character === null) return [hex(byte), 1]
  return HIDDEN.test(character) ? [Array.from(some, hex).join(''), length] : [character, length]
}

function decodedOrNull(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    return null
  }
}

/** The bytes that a text like `a\x00b\n` means; a backslash that escapes nothing stands for itself. */
export function bytesOfText(text: string): Uint8Array {
  const parts: number[] = []
  const pattern = /\\x([0-9a-f]{2})|\\([tnr\\])|[^\\]+|\\/giu
  for (const [whole, code, letter] of text.matchAll(pattern)) {
    if (code !== undefined) parts.push(parseInt(code, 16))
    else if (letter !== undefined) parts.push({ t: 9, n: 10, r: 13 }[letter.toLowerCase()] ?? 92)
    else for (const byte of encoder.encode(whole)) parts.push(byte)
  }
  return Uint8Array.from(parts)
}

const CHUNK = 0x8000

/** Bytes as base64url, as they travel. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

export function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

/** Bytes as UTF-8; null where they are none. */
export const utf8OrNull = (bytes: Uint8Array): string | null => decodedOrNull(bytes)

const SPECIAL = new Set(Array.from('*?[]\\', (character) => character.charCodeAt(0)))

/** A pattern that matches these bytes and whatever follows them. */
export function patternOfPrefix(bytes: Uint8Array): Uint8Array {
  const escaped = Array.from(bytes).flatMap((byte) => (SPECIAL.has(byte) ? [92, byte] : [byte]))
  return Uint8Array.from([...escaped, 42])
}
