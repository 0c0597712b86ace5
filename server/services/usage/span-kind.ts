import { type Attributes, find } from './span-attributes'

/** A call of a model, something around such calls whose usage repeats theirs, or not said. */
export type SpanKind = 'call' | 'container' | 'unknown'

const calls = new Set(['chat', 'text_completion', 'generate_content', 'embeddings', 'LLM', 'EMBEDDING'])
const containers = new Set([
  // gen_ai.operation.name; agent_step and rerank are the Vercel AI SDK's.
  ...['invoke_agent', 'create_agent', 'invoke_workflow', 'execute_tool', 'plan', 'retrieval', 'agent_step', 'rerank'],
  // openinference.span.kind
  ...['AGENT', 'CHAIN', 'TOOL', 'RETRIEVER', 'RERANKER', 'GUARDRAIL', 'EVALUATOR', 'PROMPT', 'DECISION'],
  // traceloop.span.kind
  ...['workflow', 'task', 'agent', 'tool'],
])
/** `ai.generateText.doGenerate` is one call of a provider; `ai.generateText` around it holds the sums of its steps. */
const VERCEL_CALL = /^ai\.\w+\.do(Generate|Stream|Embed)$/

/** What a span says of itself; one name that says container outweighs the others. See ADR 19. */
export function kindOf(attributes: Attributes): SpanKind {
  const said = (['operation', 'openInferenceKind', 'traceloopKind'] as const).map((name) => {
    const value = find(attributes, name)?.value
    if (typeof value !== 'string') return 'unknown'
    const word = name === 'openInferenceKind' ? value.toUpperCase() : value
    return containers.has(word) ? 'container' : calls.has(word) ? 'call' : 'unknown'
  })
  said.push(vercelKind(attributes))
  return said.includes('container') ? 'container' : said.includes('call') ? 'call' : 'unknown'
}

function vercelKind(attributes: Attributes): SpanKind {
  const value = find(attributes, 'vercelOperation')?.value
  if (typeof value !== 'string' || !value.startsWith('ai.')) return 'unknown'
  // operation.name has the caller's function id after a space.
  return VERCEL_CALL.test(value.split(' ', 1)[0] ?? '') ? 'call' : 'container'
}
