import { z } from 'zod'
import { timezone } from '@/server/services/scope.schema'
import { tenantSlug } from '@/server/services/text.schema'

/** As many days as the page lists, the one that runs among them. */
export const SHOWN_DAYS = 14

export const DaysInput = z.strictObject({ tenant: tenantSlug.nullable(), timezone })
export type DaysInput = z.output<typeof DaysInput>
