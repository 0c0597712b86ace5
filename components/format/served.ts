import type { ArmWeight } from '@/server/services/prompts/prompts.schema'
import { figureText } from './figure'

export type Served = { version: number; arms?: ArmWeight[] | null }

/** The share of an arm, which is a percentage already: "5 %". */
export const weightText = (weight: number) => figureText({ value: String(weight), unit: '%' })

/** What a channel serves: "v11", or "v11 · v12 at 5 %" while a rollout runs. */
export function servedText({ version, arms }: Served): string {
  const others = (arms ?? []).filter((arm) => arm.version !== version)
  return [`v${version}`, ...others.map((arm) => `v${arm.version} at ${weightText(arm.weight)}`)].join(' · ')
}

/** The share of a version in what a channel serves, in percent; null where it serves it to nobody. */
export function weightOf({ version, arms }: Served, wanted: number): number | null {
  if (!arms) return version === wanted ? 100 : null
  return arms.find((arm) => arm.version === wanted)?.weight ?? null
}
