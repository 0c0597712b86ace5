import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bytesOfText, fromBase64Url, keyText, patternOfPrefix, toBase64Url, utf8OrNull } from './key-text.schema'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

describe('keyText', () => {
  it('shows text as it is and escapes what hides, moves or breaks it', () => {
    expect(keyText(bytes('sess:ümläut 漢字 <b>'))).toBe('sess:ümläut 漢字 <b>')
    expect(keyText(bytes('a\0b\nc\td\\'))).toBe('a\\x00b\\nc\\td\\\\')
    expect(keyText(bytes('a\u202eb\u200bc'))).toBe('a\\xe2\\x80\\xaeb\\xe2\\x80\\x8bc')
    expect(keyText(Uint8Array.of(0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80))).toBe('\\xff\\xc3(\\xed\\xa0\\x80')
    expect(keyText(bytes('x'.repeat(500)), 10)).toBe(`${'x'.repeat(10)}…`)
  })

  it('comes back as the very bytes, whatever they are', () => {
    const edges = ['', '\\', '\\\\x41', '\\n', '\n', '\\x', 'é\u0301', '👩‍👩‍👧'].map(bytes)
    const random = Array.from({ length: 300 }, (_, n) => new Uint8Array(randomBytes(n % 40)))
    for (const some of [...edges, ...random]) {
      expect(bytesOfText(keyText(some))).toEqual(some)
      expect(fromBase64Url(toBase64Url(some))).toEqual(some)
      expect(toBase64Url(some)).toBe(Buffer.from(some).toString('base64url'))
    }
  })

  it('is quick on half a megabyte', () => {
    const long = new Uint8Array(Buffer.alloc(512_000, 'ä'))
    expect(keyText(long)).toHaveLength(256_000)
    expect(keyText(long, 200).length).toBeLessThan(210)
  })
})

it('utf8OrNull tells text from other bytes', () => {
  expect(utf8OrNull(bytes('ä'))).toBe('ä')
  expect(utf8OrNull(Uint8Array.of(0xff))).toBeNull()
})

it('patternOfPrefix lets no byte of a name be read as a wildcard', () => {
  expect(Buffer.from(patternOfPrefix(bytes('a*b[c]?\\'))).toString()).toBe('a\\*b\\[c\\]\\?\\\\*')
})
