import { expect, it } from 'vitest'
import { sharedLoads } from './shared-loads'

/** Loads that end when the test says so, each answering with its number. */
function controlled() {
  const ends: ((value: number | Error) => void)[] = []
  const load = () =>
    new Promise<number>((resolve, reject) => {
      ends.push((value) => (value instanceof Error ? reject(value) : resolve(value)))
    })
  return { ends, load }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

it('R4: nobody is answered by a load that began before the call', async () => {
  const { ends, load } = controlled()
  const share = sharedLoads<number>()
  const first = share('a', load)
  const [second, third] = [share('a', load), share('a', load)]
  expect(ends).toHaveLength(1)
  ends[0]?.(1)
  expect(await first).toBe(1)
  await turn()
  expect(ends).toHaveLength(2)
  const fourth = share('a', load)
  ends[1]?.(2)
  expect(await Promise.all([second, third])).toEqual([2, 2])
  await turn()
  ends[2]?.(3)
  expect(await fourth).toBe(3)
})

it('a load that fails fails its own callers only', async () => {
  const { ends, load } = controlled()
  const share = sharedLoads<number>()
  const [first, second] = [share('a', load), share('a', load)]
  ends[0]?.(new Error('gone'))
  await expect(first).rejects.toThrow('gone')
  await turn()
  ends[1]?.(2)
  expect(await second).toBe(2)
  const other = share('a', load)
  expect(ends).toHaveLength(3)
  ends[2]?.(3)
  expect(await other).toBe(3)
})

it('keys do not wait for each other', async () => {
  const { ends, load } = controlled()
  const share = sharedLoads<number>()
  const [a, b] = [share('a', load), share('b', load)]
  ends[1]?.(2)
  expect(await b).toBe(2)
  ends[0]?.(1)
  expect(await a).toBe(1)
})
