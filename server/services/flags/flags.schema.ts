import { z } from 'zod'
import { hundredths } from '@/server/services/prompts/prompts.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

export const flagName = text(200)
const MOST_NAMED = 1_000

const percent = z
  .number('must be percents from 0 to 100')
  .min(0, 'must be at least 0 %')
  .max(100, 'must be at most 100 %')
  .refine((value) => hundredths(value) / 100 === value, 'must have at most two decimal places')
const named = z
  .array(text(200))
  .max(MOST_NAMED, `must be at most ${MOST_NAMED}`)
  .transform((all) => [...new Set(all)])

/** Who gets a flag. Share in percent; the stores keep hundredths of it. */
const rules = {
  enabled: z.boolean().describe('Off turns it off for everybody, whatever else is said'),
  share: percent.describe('Percent of the subjects that are not named, always the same ones'),
  users: named.describe('Subjects that get it whatever the share'),
  groups: named.describe('Groups that get it whatever the share'),
}
export const FlagRulesInput = z.strictObject(rules)
export type FlagRulesInput = z.output<typeof FlagRulesInput>

const reason = text(500).nullable()
export const CreateFlag = z.strictObject({
  name: z.string().min(1, 'must be given').pipe(flagName),
  description: text(500).nullable(),
  ...rules,
})
export type CreateFlag = z.output<typeof CreateFlag>

/** `tenant` null: for all. `rules` null takes back what held for the tenant alone. */
export const ChangeFlag = z.strictObject({
  name: flagName,
  tenant: tenantSlug.nullable(),
  rules: FlagRulesInput.nullable(),
  expectedRevision: z.int().positive().optional(),
  reason,
})
export type ChangeFlag = z.output<typeof ChangeFlag>

export const DeleteFlag = z.strictObject({ name: flagName, reason })
export type DeleteFlag = z.output<typeof DeleteFlag>
export const FlagName = z.strictObject({ name: flagName })
export const PreviewFlag = z.strictObject({
  name: flagName,
  tenant: tenantSlug.nullable(),
  rules: FlagRulesInput.nullable(),
})
export type PreviewFlag = z.output<typeof PreviewFlag>

const groups = z
  .string()
  .max(4_000)
  .transform((listed) =>
    listed
      .split(',')
      .map((group) => group.trim())
      .filter((group) => group !== ''),
  )
  .pipe(z.array(text(200)).max(100, 'must be at most 100'))

export const AskFlag = z.strictObject({
  subject: text(200).optional().describe('Who asks: the same subject always gets the same answer of the same share'),
  groups: groups.optional().describe('Groups of the subject, with commas between them'),
  tenant: tenantSlug.optional(),
})
export type AskFlag = z.output<typeof AskFlag>
export const EvaluateFlag = AskFlag.extend({ name: flagName })

export const FlagAnswer = z.strictObject({ enabled: z.boolean(), reason: z.string() })
export type FlagAnswer = z.output<typeof FlagAnswer>

export const PutFlag = z.strictObject({
  ...rules,
  share: rules.share.default(0),
  users: named.default([]).describe('Subjects that get it whatever the share'),
  groups: named.default([]).describe('Groups that get it whatever the share'),
  description: text(500).optional(),
  tenant: tenantSlug.optional().describe('For this tenant alone'),
  expectedRevision: z.int().positive().optional(),
  reason: text(500).optional(),
})
export type PutFlag = z.output<typeof PutFlag>

export const FlagsAt = z.strictObject({
  at: z.iso.datetime().transform((at) => new Date(at)),
  tenant: tenantSlug.nullable(),
})

/** As the stores keep it. */
export const keptRules = ({ enabled, share, users, groups }: FlagRulesInput) => ({
  enabled,
  share: hundredths(share),
  users,
  groups,
})
