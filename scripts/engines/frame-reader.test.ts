import fc from 'fast-check'
import { expect, test } from 'vitest'

import { FrameReader } from './frame-reader'
import { message, startup } from './wire'

const frames = fc.array(
  fc.uint8Array({ maxLength: 40 }).map((body) => message('d', Buffer.from(body))),
  { minLength: 1, maxLength: 20 },
)

test('messages come out whole, however the network cuts the stream', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sent, cuts) => {
      const reader = new FrameReader(1_000)
      const stream = Buffer.concat(sent)
      const got: Buffer[] = []
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = cuts[turn % cuts.length] ?? 1
        reader.push(stream.subarray(at, at + size))
        at += size
        for (let frame = reader.next(); frame; frame = reader.next()) got.push(frame)
      }
      expect(got.map((frame) => frame.toString('hex'))).toEqual(sent.map((frame) => frame.toString('hex')))
    }),
  )
})

test('a StartupMessage is read by its leading length, what follows by its type', () => {
  const reader = new FrameReader(1_000)
  const hello = startup({ user: 'someone' })
  reader.push(Buffer.concat([hello, message('S')]))
  expect(reader.next('untyped')).toEqual(hello)
  expect(reader.next()).toEqual(message('S'))
  expect(reader.next()).toBeNull()
})

test('a length that cannot be is refused before anything is kept for it', () => {
  const reader = new FrameReader(1_000)
  reader.push(Buffer.from([0x51, 0x7f, 0xff, 0xff, 0xff]))
  expect(() => reader.next()).toThrow(RangeError)
})
