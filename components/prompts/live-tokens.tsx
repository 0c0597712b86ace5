'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { tokensText } from '@/components/format/tokens'
import { useTRPCClient } from '@/components/shell/trpc'
import { tokenizerOf } from '@/server/services/prompts/tokenizer.schema'
import { useDebounced } from './use-debounced'

const TYPING_MS = 400
const KEPT_MS = 10_000

/** Tokens of what is being written, counted by the server: the tokenizer weighs more than the whole console. */
export function LiveTokens({ content, model }: { content: string; model: string | null }) {
  const client = useTRPCClient()
  const settled = useDebounced(content, TYPING_MS)
  const { data, isError } = useQuery({
    queryKey: ['prompt tokens', settled, model],
    queryFn: () => client.prompts.countTokens.mutate({ content: settled, model }),
    placeholderData: keepPreviousData,
    staleTime: 'static',
    gcTime: KEPT_MS,
  })
  const { tokenizer, exact } = tokenizerOf(model)
  return (
    <span
      data-testid="tokens"
      title={exact ? `Counted with ${tokenizer}, as ${model} does` : `Counted with ${tokenizer}: an approximation`}
    >
      {data ? tokensText({ ...data, exact }) : isError ? 'tokens not counted' : '…'}
    </span>
  )
}
