export const tokenizers = ['o200k_base', 'cl100k_base'] as const
export type Tokenizer = (typeof tokenizers)[number]

const O200K = /^(gpt-4o|gpt-4\.[1-9]|gpt-[5-9]|chatgpt-4o|gpt-oss|gpt-audio|gpt-realtime|o[1-9])/
const CL100K = /^(gpt-4|gpt-3\.5|gpt-35|text-embedding)/

/**
 * The tokenizer that fits a model, and whether it is the model's own: other makers publish none that runs here, so theirs
 * are approximated by the newest one of OpenAI.
 */
export function tokenizerOf(model: string | null): { tokenizer: Tokenizer; exact: boolean } {
  // As openai/gpt-4o of a router, or ft:gpt-4o-mini:acme of a fine-tuned one.
  const name = (model ?? '')
    .toLowerCase()
    .replace(/^(openai|azure)\//, '')
    .replace(/^ft:/, '')
  if (O200K.test(name)) return { tokenizer: 'o200k_base', exact: true }
  if (CL100K.test(name)) return { tokenizer: 'cl100k_base', exact: true }
  return { tokenizer: 'o200k_base', exact: false }
}
