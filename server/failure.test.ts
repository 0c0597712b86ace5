import { afterAll, expect, it } from 'vitest'
import { connectStores } from '@/server/services/stores'
import { expected } from './failure'

const stores = connectStores('worker')
afterAll(() => stores.close())

const failureOf = (code: string) =>
  stores.db.execute(`do $$ begin raise exception 'as Postgres does' using errcode = '${code}'; end $$`).catch(expected)

it('R5: a Postgres that stops, is full, or was told to cancel does not answer: whoever asks may try again', async () => {
  for (const code of ['57014', '57P01', '53300'])
    expect(await failureOf(code)).toMatchObject({ code: 'unavailable', message: expect.stringContaining('Try again') })
})

it('what nobody expected stays hidden', async () => {
  expect(await failureOf('22012')).toBeNull()
  expect(expected(new Error('secret'))).toBeNull()
})
