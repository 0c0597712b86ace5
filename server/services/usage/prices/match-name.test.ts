import { calcPrice } from '@pydantic/genai-prices'
import { describe, expect, it } from 'vitest'
import { matchName } from './match-name'
import { libraryPrice } from './rates-in-force'

const meaning = (provider: string, model: string) => {
  const found = matchName(provider, model)
  return found && `${found.provider.id}/${found.model.id}`
}

/** Names as they stand in providers' own answers, in SDKs, in proxies and in invoices. */
const known: [provider: string, model: string, means: string][] = [
  ['openai', 'gpt-4o', 'openai/gpt-4o'],
  ['openai', 'GPT-4o', 'openai/gpt-4o'],
  ['OpenAI', 'gpt-4o-2024-11-20', 'openai/gpt-4o'],
  ['openai.chat', 'gpt-4o-mini', 'openai/gpt-4o-mini'],
  ['openai.responses', 'gpt-4o-mini-2024-07-18', 'openai/gpt-4o-mini'],
  ['openai', 'openai/gpt-4.1-2025-04-14', 'openai/gpt-4.1'],
  ['openai', 'gpt-4o-2024-05-13', 'openai/gpt-4o-2024-05-13'],
  ['openai', 'ft:gpt-4o-mini-2024-07-18:acme:support:9abc12', 'openai/ft:gpt-4o-mini'],
  ['openai', 'gpt-4o-realtime-preview-2024-12-17', 'openai/gpt-4o-realtime-preview'],
  ['anthropic', 'claude-3-5-sonnet-20241022', 'anthropic/claude-3-5-sonnet'],
  ['anthropic', 'Claude-3-5-Haiku-latest', 'anthropic/claude-3-5-haiku-latest'],
  ['anthropic.messages', 'claude-sonnet-4-20250514', 'anthropic/claude-sonnet-4-0'],
  ['anthropic', 'anthropic/claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4-5'],
  ['litellm', 'anthropic/claude-3-5-sonnet-20241022', 'anthropic/claude-3-5-sonnet'],
  [
    'litellm',
    'bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0',
    'aws/regional.anthropic.claude-3-5-sonnet-20241022-v2:0',
  ],
  ['vercel', 'openai/gpt-4o', 'openai/gpt-4o'],
  [
    'aws.bedrock',
    'anthropic.claude-3-5-sonnet-20241022-v2:0',
    'aws/regional.anthropic.claude-3-5-sonnet-20241022-v2:0',
  ],
  ['bedrock', 'eu.anthropic.claude-sonnet-4-20250514-v1:0', 'aws/regional.anthropic.claude-sonnet-4-20250514-v1:0'],
  [
    'amazon-bedrock',
    'global.anthropic.claude-sonnet-4-20250514-v1:0',
    'aws/global.anthropic.claude-sonnet-4-20250514-v1:0',
  ],
  [
    'aws',
    'bedrock/us-east-1/anthropic.claude-3-haiku-20240307-v1:0',
    'aws/regional.anthropic.claude-3-haiku-20240307-v1:0',
  ],
  [
    'bedrock',
    'arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-3-haiku-20240307-v1:0',
    'aws/regional.anthropic.claude-3-haiku-20240307-v1:0',
  ],
  [
    'bedrock',
    'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-3-7-sonnet-20250219-v1:0',
    'aws/regional.anthropic.claude-3-7-sonnet-20250219-v1:0',
  ],
  ['bedrock', 'us.amazon.nova-lite-v1:0', 'aws/amazon.nova-lite-v1:0'],
  ['bedrock', 'us.meta.llama3-3-70b-instruct-v1:0', 'aws/meta.llama3-3-70b-instruct-v1:0'],
  ['vertex_ai', 'claude-3-5-sonnet@20240620', 'google/claude-3-5-sonnet'],
  ['gcp.vertex_ai', 'claude-sonnet-4@20250514', 'google/claude-4-sonnet'],
  ['vertex_ai', 'publishers/anthropic/models/claude-3-haiku@20240307', 'google/claude-3-haiku'],
  ['gcp.gemini', 'gemini-1.5-pro-002', 'google/gemini-1.5-pro'],
  ['google', 'models/gemini-2.5-flash', 'google/gemini-2.5-flash'],
  ['gemini', 'gemini/gemini-2.5-pro-preview-05-06', 'google/gemini-2.5-pro'],
  ['google.generative-ai', 'gemini-2.5-pro', 'google/gemini-2.5-pro'],
  ['azure', 'gpt-4o', 'azure/gpt-4o'],
  ['azure.ai.openai', 'azure/gpt-4o-2024-08-06', 'azure/gpt-4o'],
  ['azure', 'gpt-4o-2024-05-13', 'azure/gpt-4o-2024-05-13'],
  ['azure', 'gpt-35-turbo', 'azure/gpt-3.5-turbo'],
  ['openrouter', 'anthropic/claude-3.5-sonnet', 'openrouter/anthropic/claude-3.5-sonnet'],
  ['openrouter', 'openrouter/anthropic/claude-3.5-sonnet', 'openrouter/anthropic/claude-3.5-sonnet'],
  ['mistral_ai', 'mistral-large-2411', 'mistral/mistral-large'],
  ['x_ai', 'grok-3-latest', 'x-ai/grok-3'],
  ['groq', 'llama-3.3-70b-versatile', 'groq/llama-3.3-70b-versatile'],
  ['together_ai', 'meta-llama/Llama-3.3-70B-Instruct-Turbo', 'together/meta-llama/Llama-3.3-70B-Instruct-Turbo'],
  ['fireworks', 'accounts/fireworks/models/llama-v3p1-8b-instruct', 'fireworks/llama-v3p1-8b-instruct'],
  ['deepseek', 'deepseek-chat', 'deepseek/deepseek-chat'],
  ['cohere', 'command-r-plus-08-2024', 'cohere/command-r-plus'],
  ['openai', 'gpt-4o-mini-2031-02-03', 'openai/gpt-4o-mini'],
  ['azure', 'o4-mini-deep-research', 'azure/o4-mini-deep-research'],
  ['google', 'gemini-2.5-pro-preview-tts', 'google/gemini-2.5-pro-tts'],
]

/** What resembles a known model and may well cost something else. */
const unknown: [provider: string, model: string][] = [
  ['openai', 'gpt-4o-2031-02-03'],
  ['openai', 'gpt-9'],
  ['openai', 'anthropic/claude-3.5-sonnet'],
  ['not-openai-proxy', 'gpt-4o'],
  ['my-anthropic', 'claude-3-5-sonnet-20241022'],
  ['litellm', 'gpt-4o'],
  ['litellm', 'house/gpt-4o'],
  ['azure', 'my-gpt-4o-deployment'],
  ['anthropic', 'claude-sonnet-5-5'],
  ['anthropic', 'claude-3-5-sonnet-lite'],
  ['google', 'gemini-1.5-pro-8b'],
  ['google', 'my-gemini-1.5-pro-tuned'],
  ['bedrock', 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12cd34'],
  ['bedrock', 'global.anthropic.claude-3-5-sonnet-20241022-v2:0'],
  ['mistral', 'mistral-small-3001'],
  ['openrouter', 'anthropic/claude-3.5-sonnet:nitro'],
  ['openrouter', 'some/new-model'],
  ['nobody', 'gpt-4o'],
  ['__proto__', 'constructor'],
  ['', ''],
]

describe('R7: a name as providers send it finds its model', () => {
  it.each(known)('%s %s is %s', (provider, model, means) => {
    expect(meaning(provider, model)).toBe(means)
    expect(matchName(provider, model)?.because.length).toBeGreaterThan(0)
  })

  it.each(unknown)('%s %s is none of them', (provider, model) => expect(meaning(provider, model)).toBeNull())

  it('says each step that it took', () => {
    expect(matchName('aws.bedrock', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0')?.because).toEqual([
      'provider aws.bedrock is aws',
      'contains claude-3-5-sonnet-20241022; region us',
    ])
    expect(matchName('openai', 'gpt-4o-mini-2031-02-03')?.because).toEqual([
      'the date 2031-02-03 is left out',
      'is gpt-4o-mini',
    ])
  })
})

describe('the published price at an instant', () => {
  const conditional = [
    ['deepseek', 'deepseek-chat'],
    ['deepseek', 'deepseek-v4-flash'],
    ['anthropic', 'claude-opus-4-6'],
    ['google', 'gemini-3.6-flash'],
    ['openai', 'gpt-5.6-sol'],
  ] as const
  it.each(conditional)('is the one that the library picks: %s %s', (provider, model) => {
    const match = matchName(provider, model)
    if (!match) throw new Error('no match')
    for (let at = Date.parse('2025-01-01T00:00:00Z'); at < Date.parse('2027-06-01T00:00:00Z'); at += 41 * 60_000 * 13) {
      const timestamp = new Date(at)
      const library = calcPrice({ input_tokens: 1_000 }, model, { providerId: provider, timestamp })?.model_price
        .input_mtok
      const ours = libraryPrice(match.provider, match.model, timestamp)?.rates.input
      expect(ours?.base).toBe(String(typeof library === 'object' ? library.base : library))
    }
  })
})
