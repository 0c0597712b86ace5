import { type Gateway, path } from './gateway'
import { prompts } from './world'

type Active = { version: number; rollout: object | null }
type History = { activations: { version: number }[] }

/**
 * What a pipeline does now and then: the newest version of the next prompt that never served it goes live. What operators
 * rolled back or are rolling out, it leaves to them.
 */
export async function deployNext(operator: Gateway) {
  for (const { name, versions } of prompts) {
    const prompt = path('v1', 'prompts', name)
    const active = await operator.call<Active>('GET', `${prompt}?include=rollout`)
    if (active.status !== 200 || active.body.rollout || active.body.version >= versions.length) continue
    const history = await operator.call<History>('GET', `${prompt}/history?limit=1000`)
    if (history.status !== 200 || history.body.activations.some(({ version }) => version === versions.length)) continue
    await operator.call('POST', `${prompt}/activate`, { version: versions.length, reason: versions.at(-1)?.message })
    return
  }
}
