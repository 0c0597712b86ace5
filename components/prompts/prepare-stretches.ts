import type { PageActivation } from '@/server/services/prompts/prompt-page'

export type Stretch = { liveMs: number; ended: 'live' | 'replaced' | 'rolled back' }

/** How long each version was live in all on one channel, and how its last stretch ended. Activations newest first. */
export function liveStretches(activations: readonly PageActivation[], now: number): Map<number, Stretch> {
  const stretches = new Map<number, Stretch>()
  activations.forEach(({ version, at }, index) => {
    const next = activations[index - 1]
    const until = next ? Date.parse(next.at) : now
    // To activate a version again does not end its stretch.
    const ended = !next || next.version === version ? 'live' : next.kind === 'rollback' ? 'rolled back' : 'replaced'
    const known = stretches.get(version)
    stretches.set(version, {
      liveMs: (known?.liveMs ?? 0) + Math.max(0, until - Date.parse(at)),
      ended: known?.ended ?? ended,
    })
  })
  return stretches
}
