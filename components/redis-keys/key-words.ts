import { count } from '@/components/format/count'
import { fromBase64Url, keyText, utf8OrNull } from '@/server/services/redis-keys/key-text.schema'
import type { KeyType } from '@/server/services/redis-keys/redis-keys.schema'

/** As Redis' own documentation calls them. */
export const typeNames: Record<KeyType, string> = {
  string: 'string',
  hash: 'hash',
  list: 'list',
  set: 'set',
  zset: 'sorted set',
  stream: 'stream',
  vectorset: 'vector set',
}

const parts: Record<string, [string, string]> = {
  string: ['byte', 'bytes'],
  hash: ['field', 'fields'],
  list: ['element', 'elements'],
  set: ['member', 'members'],
  zset: ['member', 'members'],
  stream: ['entry', 'entries'],
  vectorset: ['vector', 'vectors'],
}

export const typeName = (type: string): string => (type in typeNames ? typeNames[type as KeyType] : type)

/** 3 fields, 1 element. */
export function lengthText(type: string, length: number): string {
  const [one, many] = parts[type] ?? ['part', 'parts']
  return `${count(length)} ${length === 1 ? one : many}`
}

export const textOf = (encoded: string, most?: number): string => keyText(fromBase64Url(encoded), most)

/** JSON with indents; null where the text is none. */
export function prettyJson(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return null
  }
}

/** What may stand in a text box and come back the same: others are edited escaped. */
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]*$/u
export function plainText(bytes: Uint8Array): string | null {
  const text = utf8OrNull(bytes)
  return text !== null && PLAIN.test(text.replaceAll('\n', '').replaceAll('\t', '')) ? text : null
}

const ROW = 16
const MOST_HEX_BYTES = 64 * 1024

/** Bytes as a hex dump of sixteen a row. */
export function hexDump(bytes: Uint8Array): string {
  const rows = []
  for (let at = 0; at < Math.min(bytes.length, MOST_HEX_BYTES); at += ROW) {
    const some = [...bytes.subarray(at, at + ROW)]
    const hex = some.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const text = some.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    rows.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(ROW * 3)} ${text}`)
  }
  return rows.join('\n')
}
