import { demo, gateway, seedUsage } from './fixtures'

/** Every page, by its address, with its heading. */
export const pages = [
  ['/', 'Overview'],
  ['/cache', 'Cache'],
  ['/cache/kv', 'Key-value'],
  ['/limits', 'Limits'],
  ['/sessions', 'Sessions'],
  ['/leaderboards', 'Leaderboards'],
  ['/leaderboards/journeys', 'journeys'],
  ['/flags?flag=journeys-flag&subject=u-1', 'Flags'],
  ['/prompts', 'Prompts'],
  ['/prompts/journeys/accessible', 'journeys/accessible'],
  ['/what-was-live?tenant=journeys&subject=u-1', 'What was live'],
  ['/usage', 'Usage'],
  ['/usage/requests', 'Usage'],
  ['/usage/conversations', 'Usage'],
  ['/usage/compare', 'Usage'],
  ['/usage/questions', 'Days and questions'],
  ['/usage/savings', 'Usage'],
  ['/usage/budgets', 'Budgets'],
  ['/usage/prices', 'Prices'],
  ['/vectors', 'Vectors'],
  ['/vectors/models', 'Embedding models'],
  ['/vectors/exit', 'When to leave pgvector'],
  ['/vectors/erasures', 'Erasures'],
  ['/settings', 'Settings'],
  ['/settings/connect', 'Connect an application'],
] as const

/** What the pages of one thing show. */
export async function seedPages() {
  await seedUsage('journeys/accessible')
  await gateway(
    'POST',
    '/v1/leaderboards/journeys/scores',
    { id: 'first', member: '<b>ann</b>', delta: 1 },
    demo.appKey,
  )
  await gateway('PUT', '/v1/flags/journeys-flag', { enabled: true, share: 20, groups: ['beta'] })
}
