import { type Gateway, path } from './gateway'
import { flags, limits, liveVersion, prompts, tenants } from './world'

/** The limits that the applications ask before they call a model; what is there already stays as it is. */
export async function setLimits(operator: Gateway) {
  for (const { name, ...terms } of limits) await operator.call('PUT', path('v1', 'limits', name), terms)
}

/** What the applications ask before they answer; a flag that an operator changed stays as it was changed. */
export async function setFlags(operator: Gateway, app: Gateway) {
  for (const { name, ...rules } of flags) {
    const flag = path('v1', 'flags', name)
    if ((await app.call('GET', flag)).status === 404) await operator.call('PUT', flag, rules)
  }
}

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
