import { expect, test } from 'vitest'
import { safeNext } from './safe-next'

test.each(['/usage?tenant=a&range=7d', '/prompts/a%2Fb', '/'])('leads back to %s after signing in', (path) => {
  expect(safeNext(path)).toBe(path)
})

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '/api/auth/x',
  '',
  undefined,
  ['/a'],
])('never leads away: %s', (wanted) => {
  expect(safeNext(wanted)).toBe('/')
})
