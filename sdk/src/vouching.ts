/** R4 allows 250 ms; the rest is for a busy event loop and for clocks that drift. */
const VOUCHED_MS = 200

/** Until when every invalidation is known to have arrived: only then may copies be served. */
export function vouching() {
  let provenAt = -Infinity
  return {
    live: () => performance.now() - provenAt < VOUCHED_MS,
    provenAt: () => provenAt,
    /** True for the first proof after a gap. */
    prove(at: number): boolean {
      const first = provenAt === -Infinity
      provenAt = Math.max(provenAt, at)
      return first
    },
    lose: () => void (provenAt = -Infinity),
  }
}

export type Vouching = ReturnType<typeof vouching>
