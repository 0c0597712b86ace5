import { findProvider, type ModelInfo, type Provider } from '@pydantic/genai-prices'
import { fits } from './match-clause'
import { isProxy, providerNamed } from './provider-names'

/** What a reported name was taken for, and `because`, in words for the console: each step that was needed. */
export type NameMatch = { provider: Provider; model: ModelInfo; because: string[] }
type Candidate = { name: string; because: string[] }

const REGION = /^(global|us-gov|us|eu|apac|au|jp|ca|sa|in)\./
const ISO_DATE = /-(20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?=$|:)/

/**
 * The model of the price library that a provider and a model, as an application reports them, mean; null where that is
 * not certain, because a wrong price is worse than none.
 */
export function matchName(reportedProvider: string, reportedModel: string): NameMatch | null {
  const model = reportedModel.trim()
  if (isProxy(reportedProvider)) return matchBehindProxy(reportedProvider, model)
  const provider = providerNamed(reportedProvider)
  if (!provider) return null
  const because = provider.id === reportedProvider ? [] : [`provider ${reportedProvider} is ${provider.id}`]
  for (const candidate of namesOf(provider, model)) {
    const found = findIn(provider, candidate.name) ?? findDateless(provider, candidate.name)
    if (found) return { ...found, because: [...because, ...candidate.because, ...found.because] }
  }
  return null
}

function matchBehindProxy(proxy: string, model: string): NameMatch | null {
  const slash = model.indexOf('/')
  const behind = slash > 0 ? matchName(model.slice(0, slash), model.slice(slash + 1)) : null
  return behind && { ...behind, because: [`${proxy} bills as ${model.slice(0, slash)}`, ...behind.because] }
}

/** The name itself, then without what names the provider, the path or the resource around it. */
function namesOf(provider: Provider, model: string): Candidate[] {
  const names: Candidate[] = [{ name: model, because: [] }]
  const add = (name: string | undefined, why: string) => {
    if (name && name !== model) names.push({ name, because: [why] })
  }
  const [prefix = '', ...rest] = model.split('/')
  if (rest.length > 0 && providerNamed(prefix)?.id === provider.id) {
    const bare = rest.at(-1)
    // Bedrock behind LiteLLM: bedrock/converse/us-east-1/anthropic.claude-...
    add(provider.id === 'aws' ? bare : rest.join('/'), `${prefix}/ in front is the provider`)
  }
  if (provider.id === 'google' && /^(?:models|publishers|projects)\//.test(model))
    add(model.split('/').at(-1), 'the path of the resource is left out')
  if (
    provider.id === 'aws' &&
    /^arn:aws[\w-]*:bedrock:/.test(model) &&
    !model.includes('application-inference-profile')
  )
    add(model.split('/').at(-1), 'the name in the ARN')
  if (/@(?:default|latest)$/.test(model)) add(model.replace(/@\w+$/, ''), '@default is the current version')
  return names
}

/** Among the provider's models, then those of the providers that it resells at their price. */
function findIn(provider: Provider, name: string): NameMatch | null {
  for (const model of provider.models) {
    const clause = fits(model.match, name)
    if (!clause || isOtherRegion(model, name)) continue
    const region = provider.id === 'aws' ? REGION.exec(name.toLowerCase())?.[1] : undefined
    return {
      provider,
      model,
      because: region && !clause.startsWith('is ') ? [`${clause}; region ${region}`] : [clause],
    }
  }
  for (const id of provider.fallback_model_providers ?? []) {
    const other = findProvider({ providerId: id })
    const found = other && findIn(other, name)
    if (found)
      return { ...found, provider, because: [`${provider.id} sells it at the price of ${id}`, ...found.because] }
  }
  return null
}

/** Bedrock's global profiles are cheaper than the regional ones. */
const isOtherRegion = (model: ModelInfo, name: string) =>
  model.id.startsWith('regional.') && name.toLowerCase().startsWith('global.')

/**
 * A dated name that the library does not list is its undated model, unless dates of that model are known to differ in
 * price: gpt-4o-2024-05-13 cost twice gpt-4o, so no unknown date of gpt-4o is taken for it.
 */
function findDateless(provider: Provider, name: string): NameMatch | null {
  const date = ISO_DATE.exec(name)
  if (!date) return null
  const base = name.replace(ISO_DATE, '')
  const found = findIn(provider, base)
  if (!found || !found.because.some((clause) => clause.startsWith('is '))) return null
  const isDated = new RegExp(`^${base.replace(/[^\w]/g, '\\$&')}-20\\d{2}-?\\d{2}-?\\d{2}$`, 'i')
  const sold = [provider, ...(provider.fallback_model_providers ?? []).map((id) => findProvider({ providerId: id }))]
  const differs = sold
    .flatMap((one) => one?.models ?? [])
    .some((model) => model.id !== found.model.id && datedNames(model).some((dated) => isDated.test(dated)))
  return differs ? null : { ...found, because: [`the date ${date[0].slice(1)} is left out`, ...found.because] }
}

const datedNames = (model: ModelInfo) =>
  [model.id, ...JSON.stringify(model.match).matchAll(/"equals":"([^"]+)"/g)].map((one) =>
    typeof one === 'string' ? one : (one[1] ?? ''),
  )
