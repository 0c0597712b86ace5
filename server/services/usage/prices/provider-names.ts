import { findProvider, type Provider } from '@pydantic/genai-prices'

/** What instrumentations call providers, beside the names that the library itself has. */
const others: Record<string, string> = {
  x_ai: 'x-ai',
  xai: 'x-ai',
  'azure.ai.inference': 'azure',
  'azure.ai.openai': 'azure',
  'azure-openai': 'azure',
  azure_openai: 'azure',
  azure_ai: 'azure',
  'az.ai.openai': 'azure',
  'az.ai.inference': 'azure',
  'aws.bedrock': 'aws',
  aws_bedrock: 'aws',
  'aws-bedrock': 'aws',
  bedrock: 'aws',
  bedrock_converse: 'aws',
  'amazon-bedrock': 'aws',
  amazon_bedrock: 'aws',
  amazon: 'aws',
  'gcp.vertex_ai': 'google',
  'gcp.gemini': 'google',
  'gcp.gen_ai': 'google',
  vertex_ai: 'google',
  vertexai: 'google',
  vertex: 'google',
  'google-vertex': 'google',
  'google.vertex': 'google',
  google_vertexai: 'google',
  google_genai: 'google',
  'google-genai': 'google',
  'google.generative-ai': 'google',
  'google-gla': 'google',
  'google-vertex-anthropic': 'google',
  'vertex.anthropic': 'google',
  gemini: 'google',
  mistral_ai: 'mistral',
  mistralai: 'mistral',
  moonshot_ai: 'moonshotai',
  moonshot: 'moonshotai',
  'together-ai': 'together',
  together_ai: 'together',
  togetherai: 'together',
  fireworks_ai: 'fireworks',
  'fireworks-ai': 'fireworks',
  'perplexity-ai': 'perplexity',
}
/** Proxies that bill what the provider named in front of the model bills. */
const proxies = new Set(['litellm', 'vercel', 'gateway', 'ai-gateway'])
/** The kind of endpoint, as the Vercel AI SDK appends it. */
const ENDPOINT = /\.(?:chat|responses|completion|messages|embedding|image)$/

/**
 * The library's provider for a reported name: its own id, or one of the names above. Never a resemblance, such as the
 * library's own "contains openai": a private proxy of that name may have other prices.
 */
export function providerNamed(reported: string): Provider | null {
  const name = reported.trim().toLowerCase()
  for (const candidate of [name, name.replace(ENDPOINT, '')]) {
    const id = others[candidate] ?? candidate
    const provider =
      Object.hasOwn(others, candidate) || /^[a-z0-9._-]+$/.test(id) ? findProvider({ providerId: id }) : null
    if (provider?.id === id) return provider
  }
  return null
}

export const isProxy = (reported: string) => proxies.has(reported.trim().toLowerCase())
