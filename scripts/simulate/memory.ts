import { createHash } from 'node:crypto'
import { type Gateway, path } from './gateway'
import type { Random } from './random'
import { tenants } from './world'

/** Not a model: words are hashed to numbers, so that it needs no key and the same text is the same vector everywhere. */
const MODEL = 'simulated-word-hash'
const DIMENSIONS = 64
const BATCH = 250

const subjects = [
  'invoice',
  'delivery',
  'refund',
  'password',
  'contract',
  'allergy',
  'meeting',
  'discount',
  'warranty',
  'newsletter',
]
const manners = [
  'late',
  'by email',
  'in Spanish',
  'before noon',
  'in two parts',
  'without calls',
  'every month',
  'for the team',
  'on paper',
  'at once',
]
const verbs = [
  'asked about',
  'prefers',
  'complained about',
  'changed',
  'cancelled',
  'confirmed',
  'was told of',
  'wants',
]
const kinds = ['fact', 'preference', 'event']

/** Texts that share words lie near each other. */
export function embed(text: string): number[] {
  const vector = new Array<number>(DIMENSIONS).fill(0)
  for (const word of text.toLowerCase().split(/\W+/).filter(Boolean)) {
    const digest = createHash('sha512').update(word).digest()
    for (let n = 0; n < DIMENSIONS; n++) vector[n] = (vector[n] ?? 0) + (digest[n] ?? 0) / 127.5 - 1
  }
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => Math.round((value / length) * 1e5) / 1e5)
}

const pick = (list: readonly string[], at: number): string => list[Math.floor(at) % list.length] ?? ''

function note(n: number, user: string) {
  const text = `${user} ${pick(verbs, n)} the ${pick(subjects, n / 8)} ${pick(manners, n / 80)}, case ${n % 997}`
  return {
    id: `note-${n}`,
    content: text,
    kind: pick(kinds, n),
    user,
    metadata: { simulated: true },
    embedding: embed(text),
    embeddingModel: MODEL,
  }
}

/** How many notes the applications of each tenant hold when the demo starts. */
const notesOf = (weight: number) => Math.round(2_400 * weight)

/** Fills the memories of the larger tenants, unless they were filled before. */
export async function fillMemories(app: Gateway) {
  for (const { slug, weight, users } of tenants.slice(0, 8)) {
    const memory = path('v1', 'memory', slug)
    const known = await app.call<{ items: unknown[] }>('POST', `${memory}/search`, {
      embedding: embed('anything'),
      k: 1,
    })
    if (known.status === 200 && known.body.items.length > 0) continue
    const notes = Array.from({ length: notesOf(weight) }, (_, n) => note(n, `u-${n % users}`))
    for (let at = 0; at < notes.length; at += BATCH)
      await app.call('POST', `${memory}/items`, { items: notes.slice(at, at + BATCH) })
  }
}

/** What an application does beside a question: it recalls what it knows, and now and then remembers something new. */
export async function recall(app: Gateway, random: Random, { tenant, user }: { tenant: string; user: string }) {
  const memory = path('v1', 'memory', tenant)
  const asked = `${user} ${random.oneOf(subjects)} ${random.oneOf(manners)}`
  await app.call('POST', `${memory}/search`, { embedding: embed(asked), k: 5, ...(random.chance(0.3) && { user }) })
  if (random.chance(0.1)) await app.call('POST', `${memory}/items`, { items: [note(random.integer(1e6), user)] })
}
