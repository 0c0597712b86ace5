import { expect, it } from 'vitest'
import { nextSort } from './column'

it('figures begin with the largest, texts with A, a second press turns it round', () => {
  expect(nextSort(null, { key: 'cost', numeric: true })).toEqual({ key: 'cost', descending: true })
  expect(nextSort({ key: 'cost', descending: true }, { key: 'cost', numeric: true })).toEqual({
    key: 'cost',
    descending: false,
  })
  expect(nextSort({ key: 'cost', descending: true }, { key: 'name' })).toEqual({ key: 'name', descending: false })
})
