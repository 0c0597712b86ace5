/** The simulated application's world: who uses it, what it asks models, and how much of it there is. */

export const tenants = [
  ['northwind', 'Northwind Traders'],
  ['contoso', 'Contoso'],
  ['fabrikam', 'Fabrikam'],
  ['adventure-works', 'Adventure Works'],
  ['tailspin', 'Tailspin Toys'],
  ['wingtip', 'Wingtip Toys'],
  ['litware', 'Litware'],
  ['proseware', 'Proseware'],
  ['lucerne', 'Lucerne Publishing'],
  ['woodgrove', 'Woodgrove Bank'],
  ['trey-research', 'Trey Research'],
  ['blue-yonder', 'Blue Yonder Airlines'],
  ['coho', 'Coho Vineyard'],
  ['alpine', 'Alpine Ski House'],
  ['relecloud', 'Relecloud'],
  ['margies-travel', "Margie's Travel"],
].map(([slug = '', name = ''], rank) => ({
  slug,
  name,
  weight: (rank + 1) ** -1.05,
  users: Math.round(900 / (rank + 1)),
}))

/** A user may ask so often, and a tenant so much in bursts. */
export const limits = [
  { name: 'questions', kind: 'sliding_window', points: 4, windowSeconds: 60, subject: 'user' },
  { name: 'model-calls', kind: 'token_bucket', points: 12, windowSeconds: 60, refillPoints: 8, subject: 'tenant' },
] as const

export const flags = [
  { name: 'longer-answers', description: 'Answers of up to a page', enabled: true, share: 25, groups: ['beta'] },
  { name: 'citations', description: 'Answers name their sources', enabled: false, share: 50 },
] as const

/** Users are ranked by the questions that were answered. */
export const board = 'questions-answered'

/** What operators see of the applications that read prompts. */
export const applicationNames = ['chat-api', 'batch-summaries'] as const
export type ApplicationName = (typeof applicationNames)[number]

type PromptVersion = { message: string; content: string }
export type SimulatedPrompt = {
  name: string
  application: ApplicationName
  weight: number
  description: string
  models: Model[]
  inputTokens: number
  outputTokens: number
  /** Share of the input that the provider answers from its own prompt cache. */
  providerCached: number
  /** Distinct questions per tenant; the fewer, the more the answer cache helps. */
  questions: number
  versions: PromptVersion[]
}

/** `usd` is what the application believes a million tokens cost, in and out; it says so of the answers that it caches. */
type Model = { provider: string; model: string; weight: number; usd: [number, number] }
const mini: Model = { provider: 'openai', model: 'gpt-4o-mini', weight: 8, usd: [0.15, 0.6] }
const large: Model = { provider: 'openai', model: 'gpt-4o', weight: 2, usd: [2.5, 10] }
const sonnet: Model = { provider: 'anthropic', model: 'claude-sonnet-4-5', weight: 3, usd: [3, 15] }
const flash: Model = { provider: 'google', model: 'gemini-2.5-flash', weight: 4, usd: [0.3, 2.5] }
/** Run by the customer: no public price, so it stays unpriced. */
const inhouse: Model = { provider: 'in-house', model: 'support-classifier-7b', weight: 0.25, usd: [0, 0] }

export const prompts: SimulatedPrompt[] = [
  {
    name: 'support-reply',
    application: 'chat-api',
    weight: 34,
    description: 'Answers a customer from policy and order history',
    models: [mini, large],
    inputTokens: 1_150,
    outputTokens: 190,
    providerCached: 0.35,
    questions: 220,
    versions: [
      {
        message: 'First version from the pilot.',
        content:
          'You answer customers of {{company}} in their own language.\nUse only the policy below.\n\nPolicy:\n{{policy}}\n\nQuestion:\n{{question}}',
      },
      {
        message: 'Keep answers short.',
        content:
          'You answer customers of {{company}} in their own language.\nUse only the policy below and the order on file.\nAnswer in at most four sentences.\n\nPolicy:\n{{policy}}\n\nQuestion:\n{{question}}',
      },
      {
        message: 'Refuse refunds above the limit, offer a call.',
        content:
          'You answer customers of {{company}} in their own language.\nUse only the policy below and the order on file.\nAnswer in at most four sentences.\nNever promise a refund above {{refund_limit}}; offer a call instead.\n\nPolicy:\n{{policy}}\n\nQuestion:\n{{question}}',
      },
      {
        message: 'Add order history to the context, ask for a summary first.',
        content:
          'You answer customers of {{company}} in their own language.\nUse only the policy below and the order on file.\nFirst summarise the order history in one line, then answer in at most six sentences.\nNever promise a refund above {{refund_limit}}; offer a call instead.\nOrder history: {{order_history}}\n\nPolicy:\n{{policy}}\n\nQuestion:\n{{question}}',
      },
    ],
  },
  {
    name: 'query-rewrite',
    application: 'chat-api',
    weight: 26,
    description: 'Turns a chat turn into a search query',
    models: [mini, flash],
    inputTokens: 310,
    outputTokens: 28,
    providerCached: 0.1,
    questions: 320,
    versions: [
      {
        message: 'Rewrite with the last two turns.',
        content: 'Rewrite the last message as a search query.\n\nConversation:\n{{turns}}',
      },
      {
        message: 'Keep product codes as they are.',
        content:
          'Rewrite the last message as a search query of at most twelve words.\nKeep product codes exactly as written.\n\nConversation:\n{{turns}}',
      },
    ],
  },
  {
    name: 'summarise',
    application: 'batch-summaries',
    weight: 13,
    description: 'Summarises a conversation for the hand-over',
    models: [sonnet, large],
    inputTokens: 2_600,
    outputTokens: 260,
    providerCached: 0.5,
    questions: 1_500,
    versions: [
      { message: 'Three bullet points.', content: 'Summarise the conversation in three bullet points.\n\n{{turns}}' },
      {
        message: 'Name what is still open.',
        content:
          'Summarise the conversation in three bullet points.\nEnd with one line that names what is still open, or "nothing open".\n\n{{turns}}',
      },
    ],
  },
  {
    name: 'classify-intent',
    application: 'chat-api',
    weight: 22,
    description: 'Routes a message to a queue',
    models: [mini, inhouse],
    inputTokens: 190,
    outputTokens: 6,
    providerCached: 0,
    questions: 160,
    versions: [
      { message: 'Six intents.', content: 'Answer with one of: {{intents}}.\n\nMessage:\n{{message}}' },
      {
        message: 'Say "other" when unsure.',
        content: 'Answer with one of: {{intents}}. If none fits, answer "other".\n\nMessage:\n{{message}}',
      },
    ],
  },
  {
    name: 'product/describe',
    application: 'batch-summaries',
    weight: 5,
    description: 'Writes the text of a product page',
    models: [sonnet, flash],
    inputTokens: 820,
    outputTokens: 430,
    providerCached: 0.2,
    questions: 900,
    versions: [
      {
        message: 'From the product sheet.',
        content: 'Write a product description of about 120 words in {{language}} from this sheet:\n{{sheet}}',
      },
    ],
  },
  {
    name: 'guardrail/review',
    application: 'chat-api',
    weight: 10,
    description: 'Checks an answer against policy before it is sent',
    models: [flash, mini],
    inputTokens: 640,
    outputTokens: 12,
    providerCached: 0.4,
    questions: 400,
    versions: [
      {
        message: 'Block or pass.',
        content:
          'Does the answer break the policy? Answer "pass" or "block: reason".\n\nPolicy:\n{{policy}}\n\nAnswer:\n{{answer}}',
      },
    ],
  },
]

const DAY_MS = 86_400_000
const CALLS_PER_MINUTE = 24

/** Model calls per minute at an instant: a daily curve with its peak in the afternoon (UTC), quieter weekends. */
export function callsPerMinute(at: number, now: number): number {
  const hour = (at % DAY_MS) / 3_600_000
  const daily = 0.55 + 0.45 * Math.sin(((hour - 8) / 24) * 2 * Math.PI)
  const weekend = [0, 6].includes(new Date(at).getUTCDay()) ? 0.7 : 1
  const growth = Math.exp((at - now) / (6 * DAY_MS))
  return CALLS_PER_MINUTE * daily * weekend * growth
}

/** The version of a prompt that was in use at an instant of the back-filled past. */
export function versionAt(prompt: SimulatedPrompt, at: number, now: number): number {
  const age = (now - at) / (14 * DAY_MS)
  return Math.max(1, Math.min(liveVersion(prompt), Math.ceil(liveVersion(prompt) * (1 - age))))
}

/** The version that is live when the demo starts; the newest one is left for its first deployment. */
export const liveVersion = (prompt: SimulatedPrompt) => Math.max(1, prompt.versions.length - 1)
