import { expect, it } from 'vitest'
import { toBase64Url } from '@/server/services/redis-keys/key-text.schema'
import { OTHERS, prepareTree } from './prepare-tree'

const found = (name: string | Uint8Array, family: 'flags' | null = null) => ({
  key: toBase64Url(typeof name === 'string' ? new TextEncoder().encode(name) : name),
  type: 'string',
  family,
})

it('splits names at the separator, counts what lies below, and sorts numbers as numbers', () => {
  const tree = prepareTree(
    ['s:10', 's:9', 's:u:1', 'plain', 's::x'].map((name) => found(name)),
    {
      separator: ':',
      by: 'name',
    },
  )
  expect(tree).toMatchObject({
    count: 5,
    leaves: [{ label: 'plain' }],
    folders: [
      {
        label: 's:',
        path: 's:',
        count: 4,
        leaves: [{ label: '9' }, { label: '10' }],
        folders: [
          { label: ':', path: 's::', count: 1 },
          { label: 'u:', path: 's:u:', count: 1 },
        ],
      },
    ],
  })
})

it('puts families above names, and what is nobody’s apart', () => {
  const tree = prepareTree([found('engram:flags:x', 'flags'), found('sess/1')], { separator: '/', by: 'family' })
  expect(tree.folders.map(({ label, isPrefix }) => [label, isPrefix])).toEqual([
    ['flags', false],
    [OTHERS, false],
  ])
})

it('shows bytes that are no text escaped, and never splits inside an escape', () => {
  const tree = prepareTree([found(Uint8Array.of(0xff, 58, 0))], { separator: ':', by: 'name' })
  expect(tree.folders).toMatchObject([{ label: '\\xff:', leaves: [{ label: '\\x00', name: '\\xff:\\x00' }] }])
})
