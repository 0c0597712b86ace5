import { describe, expect, it, vi } from 'vitest'
import { panelState } from './panel-state'

const at = Date.parse('2026-11-12T14:02:11Z')
const query = {
  status: 'success' as const,
  error: null,
  data: { rows: [1] },
  dataUpdatedAt: at,
  isError: false,
  refetch: vi.fn(),
}

describe('panelState', () => {
  it('R12: an answer that never came is an error that names what failed, with a way to try again', () => {
    const failed = panelState(
      { ...query, status: 'error', isError: true, data: undefined, error: { message: 'timed out' } },
      'the hit rate',
    )
    expect(failed).toMatchObject({ status: 'error', what: 'the hit rate', why: 'timed out' })
    if (failed.status === 'error') failed.retry?.()
    expect(query.refetch).toHaveBeenCalledOnce()
  })

  it('R5: a refresh that fails keeps the last answer on screen, with its age', () => {
    const stale = panelState({ ...query, status: 'error', isError: true, error: { message: 'timed out' } }, 'the cost')
    expect(stale).toMatchObject({ status: 'degraded', shownFrom: '2026-11-12T14:02:11.000Z' })
  })

  it('says empty only when the answer came and is empty', () => {
    const empty = { title: 'No usage yet' }
    expect(panelState({ ...query, status: 'pending', data: undefined }, 'the cost', { empty })).toEqual({
      status: 'loading',
    })
    expect(panelState(query, 'the cost', { empty })).toEqual({ status: 'empty', title: 'No usage yet' })
    expect(panelState(query, 'the cost', { empty: false })).toEqual({ status: 'ready' })
  })

  it('R5: a store that is down outranks emptiness', () => {
    const degraded = { status: 'degraded', store: 'redis' } as const
    expect(panelState(query, 'the hit rate', { empty: { title: 'none' }, degraded })).toBe(degraded)
  })
})
