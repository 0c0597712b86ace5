import { z } from 'zod'
import { instant } from '@/server/services/instant.schema'
import { tenantSlug, text } from '@/server/services/text.schema'
import { ArmWeight, promptChannel, promptName, promptVersion } from './prompts.schema'

/** A clock that is this much ahead of ours asks for now. */
const AHEAD_MS = 60_000
const past = instant.refine(
  (at) => at.getTime() <= Date.now() + AHEAD_MS,
  'lies in the future: what will be live then is not known yet',
)

/** Now where `at` is absent. With a tenant, the prompts that its calls used around the instant come first. */
export const WhatWasLive = z.strictObject({
  at: past.optional().describe('The instant, to the millisecond; now where absent'),
  channel: promptChannel.default('production'),
  tenant: tenantSlug.optional().describe('Tells also which prompts and models its calls used around the instant'),
  subject: text(200).optional().describe('Tells also which version of a rollout this subject got'),
  prompt: promptName.optional().describe('This prompt only'),
})
export type WhatWasLive = z.output<typeof WhatWasLive>

const at = z.iso.datetime()

const versionText = {
  version: promptVersion,
  model: z.string().nullable(),
  config: z.record(z.string(), z.unknown()),
  content: z.string().nullable().describe('null where the contents together exceed 1 MB: ask for the prompt alone'),
  bytes: z.int().describe('of the content, as UTF-8'),
}

export const LiveVersion = z.object({
  name: z.string(),
  ...versionText,
  revision: z.int(),
  kind: z.enum(['activate', 'rollback', 'rollout']),
  by: z.string(),
  reason: z.string().nullable(),
  since: at,
  until: z
    .object({ at, version: promptVersion, kind: z.enum(['activate', 'rollback', 'rollout']), by: z.string() })
    .nullable()
    .describe('what replaced it; null where it is live still'),
  arms: z
    .array(ArmWeight.extend(versionText))
    .nullable()
    .describe('of a rollout; "version" is what subjects without a name got'),
  subjectVersion: promptVersion.nullable().describe('what the subject got; null where none was named'),
})
export type LiveVersion = z.output<typeof LiveVersion>

export const ReportedVersion = z.object({
  name: z.string(),
  version: promptVersion,
  calls: z.int(),
  first: at,
  last: at,
  stray: z
    .object({ calls: z.int(), first: at, last: at, elsewhere: z.array(z.string()), nowhereCalls: z.int() })
    .nullable()
    .describe('calls while the channel did not serve that version, a minute allowed; the channels that did'),
})
export type ReportedVersion = z.output<typeof ReportedVersion>

const rate = z.object({ base: z.string(), tiers: z.array(z.object({ start: z.int(), price: z.string() })) }).nullable()

export const ModelPrice = z.object({
  provider: z.string(),
  model: z.string(),
  calls: z.int(),
  rates: z
    .object({ input: rate, output: rate, cacheRead: rate, cacheWrite: rate, request: z.string().nullable() })
    .nullable()
    .describe('US dollars per million tokens, exact; null where no price is known'),
})
export type ModelPrice = z.output<typeof ModelPrice>

const window = { from: at, to: at }

export const LiveAnswer = z.object({
  at,
  channel: z.string(),
  total: z.int().describe('prompts with something live at the instant, listed or not'),
  prompts: z.array(LiveVersion),
  notLive: z.object({
    total: z.int(),
    prompts: z.array(z.object({ name: z.string(), createdAt: at, firstLiveAt: at.nullable() })),
  }),
  moves: z
    .object({ first: at.nullable(), before: at.nullable(), after: at.nullable() })
    .describe('of the channel: the first ever, the newest before the instant, the next after it'),
  channels: z.array(z.string()),
  reported: z.object({ ...window, versions: z.array(ReportedVersion) }).nullable(),
  prices: z.object({ ...window, total: z.int(), models: z.array(ModelPrice) }),
})
export type LiveAnswer = z.output<typeof LiveAnswer>
