import { useQueryStates } from 'nuqs'
import { parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { bytesOfText, toBase64Url } from '@/server/services/redis-keys/key-text.schema'
import { keyTypes, MAX_PATTERN_BYTES, type ScanKeys } from '@/server/services/redis-keys/redis-keys.schema'

export const separators = [':', '/', '.', '|', '_', '-'] as const
/** Longer names are not kept in the address: some proxies refuse those. */
const LONGEST_IN_ADDRESS = 1_500

/** What the key browser keeps in its address; `key` is base64url, `q` a pattern as SCAN takes it. */
const keysParams = {
  connection: parseAsString.withDefault('own'),
  q: parseAsString,
  type: parseAsStringLiteral(keyTypes),
  sep: parseAsStringLiteral(separators).withDefault(':'),
  by: parseAsStringLiteral(['name', 'family'] as const).withDefault('name'),
  key: parseAsString,
}
export type KeysParams = { connection: string; q: string | null; type: ScanKeys['type'] }

const encoder = new TextEncoder()

/** The pattern as it travels, and whether it is short enough to be asked. */
export function patternOf(q: string | null): { pattern: string; tooLong: boolean } {
  const bytes = encoder.encode(q || '*')
  return { pattern: toBase64Url(bytes.slice(0, MAX_PATTERN_BYTES)), tooLong: bytes.length > MAX_PATTERN_BYTES }
}

export const scanInputOf = ({ connection, q, type }: KeysParams) => ({
  connection,
  pattern: patternOf(q).pattern,
  type,
})

/** A name as it is written by hand, `\x00` and `\n` included. */
export const keyOfText = (text: string) => toBase64Url(bytesOfText(text))

export const fitsAddress = (key: string) => key.length <= LONGEST_IN_ADDRESS

export function useKeys() {
  const [params, setParams] = useQueryStates(keysParams, { history: 'push', shallow: true })
  return { params, setParams }
}
