import { durationText } from '@/components/format/duration'
import type { Delivery, DeliveryProcess, DeliveryTime } from '@/server/services/prompts/activation-delivery'

/** What a change of the pointer promises: every copy is gone by then (R4). */
export const PROMISED_MS = 250

/** A part of the way: reached, under way, or with nobody to reach. */
export type Step = { done: boolean; text: string }

/** The third step of an activation and the card's headline, in words. */
export function confirmedStep(delivery: Delivery): Step & { headline: string | null } {
  const { asked, confirmed, waiting, confirmedMs, waitingMs, forgotten } = delivery
  if (asked === 0)
    return forgotten
      ? { done: true, headline: null, text: 'who confirmed it is no longer kept' }
      : { done: true, headline: 'No process to serve it', text: 'no gateway and no SDK was running' }
  if (confirmed + waiting === 0) return { done: true, headline: null, text: 'all that ran have ended since' }
  const share = `${confirmed} of ${confirmed + waiting}`
  return waiting > 0
    ? { done: false, headline: 'Not yet served everywhere', text: `${share}, ${durationText(waitingMs)} so far` }
    : { done: true, headline: 'Served everywhere', text: `${share}, +${durationText(confirmedMs ?? 0)}` }
}

/** Why somebody who has been waited for longer than promised is no danger, or may be one. */
export function reasonOf({ role, state }: DeliveryProcess, { appliedAt, waitingMs }: Delivery): string | null {
  if (state === 'gone') return 'ended before it confirmed'
  if (state === 'confirmed' || waitingMs < PROMISED_MS) return null
  if (appliedAt === null) return 'serves what was live before until Redis has been told'
  return role === 'gateway'
    ? 'serves without a copy: correct, through Redis or Postgres'
    : 'has a stream open and has not said what it serves'
}

/** Often while somebody is waited for, calmly after a minute, and not at all once it is done. Milliseconds, or false. */
export function refreshPace(delivery: Delivery | undefined): number | false {
  if (!delivery || (delivery.waiting === 0 && delivery.appliedAt !== null)) return false
  const age = Date.parse(delivery.asOf) - Date.parse(delivery.committedAt)
  return age < 60_000 ? 250 : 10_000
}

export type TimeBar = { key: number; share: number | null; late: boolean; label: string }

/** Bars of the newest activations, oldest first: as high as their last confirmation took, cut off where that broke the promise. */
export function prepareTimes(times: DeliveryTime[]) {
  const known = times.filter(isServed)
  const sorted = known.map(({ confirmedMs }) => confirmedMs).sort((a, b) => a - b)
  const topMs = Math.min(PROMISED_MS, Math.max(10, sorted.at(-1) ?? 0))
  const bars = times.map((time): TimeBar => {
    const ms = isServed(time) ? time.confirmedMs : null
    return {
      key: time.revision,
      share: ms === null ? null : Math.min(1, ms / topMs),
      late: ms !== null && ms > PROMISED_MS,
      label: `revision ${time.revision}, v${time.version}: ${timeText(time)}`,
    }
  })
  const [middle, slowest] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)]
  return { bars, n: known.length, medianMs: middle ?? null, slowestMs: slowest ?? null }
}

/** What a row of the history says of it. */
export function timeText(time: DeliveryTime): string {
  if (isServed(time)) return durationText(time.confirmedMs)
  if (time.asked === 0) return 'nobody was asked'
  return time.waiting > 0 ? `${time.waiting} not confirmed` : 'all ended since'
}

export const isServed = (time: DeliveryTime): time is DeliveryTime & { confirmedMs: number } =>
  time.waiting === 0 && time.confirmedMs !== null
