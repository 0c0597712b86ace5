import { z } from 'zod'

/** Cold, as the page has it: what is proposed where nothing is set. */
export const COLD_DAYS = 7
export const sleepChoices = [1, COLD_DAYS, 14, 30, 90] as const

const days = z.int().min(1).max(365)
export const SetSleep = z.strictObject({ afterDays: days.nullable() })
export type SetSleep = z.output<typeof SetSleep>
export const IdleFor = z.strictObject({ days })
