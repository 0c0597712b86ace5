import type { Figure } from './figure'
import { median, requestsPerSecond } from './load'
import type { Setting } from './setting'

const ROUNDS = 3
const SECONDS = 4

/** Warm reads of the active prompt through the gateway, in turns with the bare server, on the same machine. */
export async function promptOverHttp({ gatewayUrl, bareUrl, appKey, promptName }: Setting): Promise<Figure[]> {
  const ours: number[] = []
  const bare: number[] = []
  const prompt = `${gatewayUrl}/v1/prompts/${encodeURIComponent(promptName)}`
  const headers = { authorization: `Bearer ${appKey}` }
  await requestsPerSecond(prompt, headers, 2)
  await requestsPerSecond(bareUrl, {}, 2)
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await requestsPerSecond(prompt, headers, SECONDS))
    bare.push(await requestsPerSecond(bareUrl, {}, SECONDS))
  }
  return [
    {
      work: 'active prompt over HTTP, warm',
      ours: median(ours),
      other: median(bare),
      unit: 'requests/s',
      dividedBy: 'bare node:http with one ioredis GET',
      goal: { atLeast: 0.7 },
    },
  ]
}
