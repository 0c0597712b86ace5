/** A small seeded generator (mulberry32), so that the simulated application does the same after every start. */
export function seeded(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    integer: (below: number) => Math.floor(next() * below),
    chance: (probability: number) => next() < probability,
    /** Log-normal around its median, the usual shape of token counts and latencies. */
    around: (median: number, spread: number) => Math.max(1, Math.round(median * Math.exp(spread * normal()))),
    /** Index below `count` with Zipf weights: few are asked for often, many hardly ever. */
    zipf: (count: number, skew = 1.1) => {
      let total = 0
      for (let rank = 1; rank <= count; rank++) total += rank ** -skew
      let rest = next() * total
      for (let rank = 1; rank <= count; rank++) if ((rest -= rank ** -skew) <= 0) return rank - 1
      return count - 1
    },
    /** Each as likely as any other. */
    oneOf: <T>(from: readonly T[]): T => {
      const item = from[Math.floor(next() * from.length)]
      if (item === undefined) throw new Error('Nothing to pick from')
      return item
    },
    pick: <T extends { weight: number }>(from: readonly T[]): T => {
      let rest = next() * from.reduce((sum, { weight }) => sum + weight, 0)
      for (const item of from) if ((rest -= item.weight) <= 0) return item
      const last = from.at(-1)
      if (!last) throw new Error('Nothing to pick from')
      return last
    },
    poisson: (mean: number) => {
      let count = 0
      for (let product = next(); product > Math.exp(-mean); product *= next()) count++
      return count
    },
  }
}

export type Random = ReturnType<typeof seeded>
