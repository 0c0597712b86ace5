import { describe, expect, it } from 'vitest'
import type { Commit, Path, Read, Write } from './history'
import { judge } from './judge'

const prompt = 'p'
const ms = (milliseconds: number) => milliseconds * 1_000

const asked = (op: string, at: number): Write => ({ type: 'invoke', op, prompt, verb: 'activate', by: 'w', at: ms(at) })
const told = (op: string, at: number, revision: number, version: number): Write => ({
  type: 'ok',
  op,
  prompt,
  at: ms(at),
  revision,
  version,
  applied: true,
})
const unanswered = (op: string, at: number): Write => ({ type: 'info', op, prompt, at: ms(at), error: 'reset' })
const refused = (op: string, at: number): Write => ({ type: 'fail', op, prompt, at: ms(at), error: 'conflict' })
const settled = (at: number, revision: number): Write => ({ type: 'settled', prompt, at: ms(at), revision })
const row = (op: string, revision: number, version: number): Commit => ({
  type: 'commit',
  prompt,
  revision,
  version,
  op,
})
const read = (path: Path, at: number, revision: number, version: number, more: Partial<Read> = {}): Read => ({
  type: 'read',
  path,
  by: 'r',
  source: 'redis',
  prompt,
  began: ms(at),
  ended: ms(at + 1),
  revision,
  version,
  intact: true,
  declaredStale: false,
  ...more,
})

/** Revision 1 was acknowledged at 10 ms, revision 2 at 100 ms. */
const writes = [asked('a', 0), told('a', 10, 1, 1), asked('b', 50), told('b', 100, 2, 2)]
const commits = [row('a', 1, 1), row('b', 2, 2)]
const says = (one: Read, history: Write[] = writes, rows: Commit[] | null = commits) =>
  judge(history, rows).read(one)?.says ?? 'nothing'

describe('R4: reads', () => {
  it('of the shared path may not begin after a newer revision was acknowledged', () => {
    expect(says(read('shared', 99, 1, 1))).toBe('nothing')
    expect(says(read('shared', 100, 1, 1))).toBe('nothing')
    expect(says(read('shared', 100.001, 1, 1))).toContain('stale: revision 1 came from redis 0.001 ms after')
    expect(says(read('shared', 101, 2, 2))).toBe('nothing')
  })

  it.each(['gateway', 'sdk'] as const)('of copies have 250 ms: %s', (path) => {
    expect(says(read(path, 350, 1, 1))).toBe('nothing')
    expect(says(read(path, 350.001, 1, 1))).toContain('stale')
    expect(judge(writes, commits).ageMs(read(path, 350, 1, 1))).toBe(250)
  })

  it('may return what is committed but not acknowledged yet', () => {
    expect(says(read('shared', 60, 2, 2))).toBe('nothing')
    expect(judge(writes, commits).ageMs(read('shared', 60, 2, 2))).toBe(-Infinity)
  })

  it('are as old as the first of the newer acknowledgements, in whatever order these came', () => {
    const late = [...writes, asked('c', 101), asked('d', 102), told('d', 110, 4, 4), told('c', 120, 3, 3)]
    expect(judge(late, null).ageMs(read('shared', 130, 2, 2))).toBe(20)
    expect(judge(late, null).ageMs(read('shared', 130, 3, 3))).toBe(20)
    expect(judge(late, null).ageMs(read('shared', 130, 4, 4))).toBe(-Infinity)
  })

  it('that say themselves that they may be old are not stale, but must be true', () => {
    expect(says(read('sdk', 900, 1, 1, { declaredStale: true }))).toBe('nothing')
    expect(says(read('sdk', 900, 1, 2, { declaredStale: true }))).toContain('revision 1 is version 1, not 2')
  })

  it('of another prompt are not bound by this one', () => {
    const other = { prompt: 'other' }
    expect(says(read('shared', 900, 1, 1, other), writes, null)).toBe('nothing')
  })

  it('return only what was committed, with its content, and not before it was asked for', () => {
    expect(says(read('shared', 900, 7, 1))).toContain('revision 7 was never committed')
    expect(says(read('shared', 900, 2, 1))).toContain('revision 2 is version 2, not 1')
    expect(says(read('shared', 900, 2, 2, { intact: false }))).toContain('the content is not that of version 2')
    expect(says(read('shared', 20, 2, 2))).toContain('read before anybody asked for it')
  })
})

describe('R4: an activation without a reply', () => {
  const lost = [...writes, asked('c', 200), unanswered('c', 300)]
  const happened = [...commits, row('c', 3, 3)]

  it('may have happened: both what was before and what it made are right', () => {
    for (const one of [read('shared', 900, 2, 2), read('shared', 250, 3, 3)])
      expect(says(one, lost, happened)).toBe('nothing')
    expect(judge(lost, happened).writes()).toEqual([])
  })

  it('may not have happened: then nobody may read it', () => {
    expect(says(read('shared', 900, 2, 2), lost)).toBe('nothing')
    expect(says(read('shared', 900, 3, 3), lost)).toContain('never committed')
    expect(judge(lost, commits).writes()).toEqual([])
  })

  it('binds every read once it is settled, or once a later one was acknowledged', () => {
    expect(says(read('shared', 501, 2, 2), [...lost, settled(500, 3)], happened)).toContain('stale')
    const later = [...lost, asked('d', 400), told('d', 450, 4, 1)]
    expect(says(read('shared', 451, 3, 3), later, [...happened, row('d', 4, 1)])).toContain('stale')
  })
})

describe('R3: writes', () => {
  const faults = (more: Write[], rows: Commit[]) =>
    judge([...writes, ...more], rows)
      .writes()
      .map((fault) => fault.says)

  it('that were acknowledged are in the history as they were acknowledged, once', () => {
    expect(faults([], commits)).toEqual([])
    expect(faults([], [row('a', 1, 1)])).toEqual(['b: acknowledged as revision 2, but not in the history'])
    expect(faults([], [row('a', 1, 1), row('b', 3, 2)])).toEqual([
      'b: acknowledged as revision 2 of version 2, but the history says 3 of 2',
    ])
    expect(faults([], [...commits, row('b', 3, 2)])).toEqual(['b: asked for once, committed 2 times'])
  })

  it('that were refused are not', () => {
    expect(faults([asked('c', 200), refused('c', 210)], commits)).toEqual([])
    expect(faults([asked('c', 200), refused('c', 210)], [...commits, row('c', 3, 3)])).toEqual([
      'c: refused, but committed as revision 3',
    ])
  })
})
