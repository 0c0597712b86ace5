import { type Gateway, path } from './gateway'
import { liveVersion, prompts, tenants } from './world'

/** Registers tenants and prompts the way a deployment pipeline would; what exists already is left as it is. */
export async function setUp(operator: Gateway) {
  for (const { slug, name } of tenants) await operator.call('PUT', path('v1', 'tenants', slug), { name })
  for (const prompt of prompts) {
    const created = await operator.call('POST', '/v1/prompts', { name: prompt.name, description: prompt.description })
    if (created.status === 409) continue
    for (const { content, message } of prompt.versions) {
      const [first] = prompt.models
      await operator.call('POST', path('v1', 'prompts', prompt.name, 'versions'), {
        content,
        message,
        model: first?.model,
        config: { temperature: 0.2 },
      })
    }
    await operator.call('POST', path('v1', 'prompts', prompt.name, 'activate'), {
      version: liveVersion(prompt),
      reason: 'First deployment of the simulated application',
    })
  }
}
