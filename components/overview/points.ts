import type { Marker, Point } from '@/components/charts/chart'
import { servedText } from '@/components/format/served'
import type { Axis } from '@/server/services/clock'
import type { Activation } from '@/server/services/overview/activation-marks'
import type { Verdict } from '@/server/services/overview/verdicts'

/** Values of consecutive buckets as points in the middle of each. */
export const pointsOf = ({ first, stepMs }: Axis, values: (number | null)[]): Point[] =>
  values.map((v, index) => ({ t: first + index * stepMs, v }))

/** The newest value that was measured. */
export const newestOf = (values: (number | null)[]): number | null => values.findLast((v) => v !== null) ?? null

/** Page of the activation: what it changed, before and after, and the way back. */
export function activationHref({ name, channel, revision }: Pick<Activation, 'name' | 'channel' | 'revision'>) {
  const query = new URLSearchParams(channel === 'production' ? {} : { channel })
  query.set('activation', String(revision))
  return `/prompts/${encodeURIComponent(name)}?${query}`
}

/** What stands on every chart of a page: activations, rollbacks as warnings, and restarts of Redis. */
export function marksOf(
  activations: Activation[],
  restarts: number[],
  { blamed, href }: { blamed: Set<string>; href: (activation: Activation) => string },
): Marker[] {
  const moved = activations.map((activation): Marker => {
    const { name, kind, channel } = activation
    const severity = blamed.has(activationKey(activation)) ? 'bad' : kind === 'rollback' ? 'warn' : undefined
    const where = channel === 'production' ? '' : ` on ${channel}`
    return {
      t: Date.parse(activation.at),
      label: `${name} ${servedText(activation)}${where}`,
      href: href(activation),
      severity,
    }
  })
  return [...moved, ...restarts.map((t): Marker => ({ t, label: 'Redis restarted', severity: 'warn' }))]
}

export const activationKey = ({ name, channel, revision }: Pick<Activation, 'name' | 'channel' | 'revision'>) =>
  JSON.stringify([name, channel, revision])

/** The activations that a verdict names: they stand out on the charts. */
export const blamedBy = (verdicts: Verdict[]): Set<string> =>
  new Set(verdicts.flatMap((verdict) => ('after' in verdict && verdict.after ? [activationKey(verdict.after)] : [])))
