import { weightText } from '@/components/format/served'
import type { ArmWeight } from '@/server/services/prompts/prompts.schema'

/** The shares as they are being typed, of the versions beside the base; the base gets the rest. */
export type DraftArm = { version: number; percent: string }
export const presets = [1, 5, 10, 25, 50] as const

type Prepared = {
  /** Base first; null while something is wrong. */
  arms: ArmWeight[] | null
  /** What the base is left with, in percent. */
  rest: number
  /** By version, what is wrong with its share. */
  errors: Map<number, string>
}

const HUNDREDTHS = 10_000
const wholeShare = /^\d{1,3}(?:[.,]\d{1,2})?$/

/** In hundredths of a percent, so that nothing is lost in adding up; null for what is no share. */
function hundredthsIn(percent: string): number | null {
  if (!wholeShare.test(percent.trim())) return null
  const hundredths = Math.round(Number(percent.trim().replace(',', '.')) * 100)
  return hundredths > 0 && hundredths < HUNDREDTHS ? hundredths : null
}

export function prepareArms(base: number, draft: readonly DraftArm[]): Prepared {
  const shares = draft.map(({ version, percent }) => ({ version, hundredths: hundredthsIn(percent) }))
  const left = HUNDREDTHS - shares.reduce((sum, { hundredths }) => sum + (hundredths ?? 0), 0)
  const errors = new Map<number, string>()
  for (const { version, hundredths } of shares)
    if (hundredths === null) errors.set(version, 'More than 0 and less than 100, with two decimals at most.')
  const last = draft.at(-1)
  if (last && errors.size === 0 && left <= 0)
    errors.set(last.version, `Leave v${base} a share. To end the rollout, activate a version.`)
  const arms = shares.map(({ version, hundredths }) => ({ version, weight: (hundredths ?? 0) / 100 }))
  const good = errors.size === 0 && draft.length > 0
  return { arms: good ? [{ version: base, weight: left / 100 }, ...arms] : null, rest: Math.max(0, left) / 100, errors }
}

/**
 * Who gets another version: as few subjects as can, from arms that shrink to arms that grow. Before a rollout, the base
 * serves everybody.
 */
export function movesText(before: readonly ArmWeight[], after: readonly ArmWeight[]): string {
  const shareIn = (arms: readonly ArmWeight[], version: number) =>
    Math.round((arms.find((arm) => arm.version === version)?.weight ?? 0) * 100)
  const versions = [...new Set([...before, ...after].map(({ version }) => version))].sort((a, b) => a - b)
  const change = (version: number) => shareIn(after, version) - shareIn(before, version)
  const growing = versions.filter((version) => change(version) > 0)
  const shrinking = versions.filter((version) => change(version) < 0)
  const moved = growing.reduce((sum, version) => sum + change(version), 0) / 100
  if (moved === 0) return 'Everybody keeps the version they have.'
  const named = (of: number[]) => of.map((version) => `v${version}`).join(' and ')
  const others = moved === 100 ? '' : ' All others keep the version they have.'
  return `${weightText(moved)} of all subjects move from ${named(shrinking)} to ${named(growing)}.${others}`
}

/** The version that a rollout is about: the newest beside the base. */
export const newestBeside = (base: number, arms: readonly ArmWeight[]): number | null =>
  arms.reduce<number | null>(
    (newest, { version }) => (version === base ? newest : Math.max(newest ?? 0, version)),
    null,
  )
