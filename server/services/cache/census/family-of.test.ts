import { expect, it } from 'vitest'
import { placer } from './family-of'

const declared = (name: string, pattern: string) => ({ name, pattern, kind: 'cache', software: null }) as const

it('counts a key where it is declared most closely, and never takes a key of ours', () => {
  const place = placer([declared('shop', 'shop:*'), declared('carts', 'shop:cart:*'), declared('all', 'e*')])
  expect(place('shop:cart:7')).toMatchObject({ of: 'declared', name: 'carts' })
  expect(place('shop:page:7')).toMatchObject({ of: 'declared', name: 'shop' })
  expect(place('engram:flags:x')).toMatchObject({ of: 'known', name: 'flags' })
  expect(place('queue:7')).toEqual({ of: 'other', name: 'queue:', pattern: 'queue:*' })
})
