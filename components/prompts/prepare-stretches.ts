import type { PageActivation } from '@/server/services/prompts/prompt-page'

/** `partMs`: as one version of several, in rollouts. */
export type Stretch = { liveMs: number; partMs: number; ended: 'live' | 'replaced' | 'rolled back' }

const servedBy = ({ version, arms }: PageActivation) => arms?.map((arm) => arm.version) ?? [version]

/** How long each version was live in all on one channel, and how its last stretch ended. Activations newest first. */
export function liveStretches(activations: readonly PageActivation[], now: number): Map<number, Stretch> {
  const stretches = new Map<number, Stretch>()
  activations.forEach((activation, index) => {
    const next = activations[index - 1]
    const lastedMs = Math.max(0, (next ? Date.parse(next.at) : now) - Date.parse(activation.at))
    for (const version of servedBy(activation)) {
      const known = stretches.get(version)
      // What goes on serving a version does not end its stretch.
      const goesOn = !next || servedBy(next).includes(version)
      const ended = goesOn ? 'live' : next.kind === 'rollback' ? 'rolled back' : 'replaced'
      stretches.set(version, {
        liveMs: (known?.liveMs ?? 0) + (activation.arms ? 0 : lastedMs),
        partMs: (known?.partMs ?? 0) + (activation.arms ? lastedMs : 0),
        ended: known?.ended ?? ended,
      })
    }
  })
  return stretches
}
