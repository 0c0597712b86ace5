/** FNV-1a over bytes with another start for each use, and murmur3's finish, which spreads what FNV leaves close. */
function hash32(bytes: Uint8Array, start: number): number {
  let hash = start
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** 0 to 1, the same for a key in every census, so that a sample holds the same keys each time. */
export const sampledHash = (key: Uint8Array): number => hash32(key, 0x811c9dc5) / 2 ** 32

/** 52 bits that stand for a key where many are remembered: two of a million share one once in 9,000 walks. */
export const tagOf = (key: Uint8Array): number => hash32(key, 0x9747b28c) * 2 ** 20 + (hash32(key, 0x5bd1e995) >>> 12)
