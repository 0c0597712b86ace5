import { count } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { money } from '@/components/format/money'
import { percentText } from '@/components/format/percent'
import type { ReEmbeddingReport } from '@/server/services/vectors/re-embedding/re-embedding-of'
import { intervalText } from './vector-words'

export type Change = NonNullable<ReEmbeddingReport['change']>

/** Where a change stands, in one sentence. */
export function stepText({ active, other, otherWork }: ReEmbeddingReport, change: Change): string {
  const { step, toModel, progress, missing, phase, switchWhenWhole } = change
  const done = progress === null ? '' : `, ${percentText(progress)} done`
  switch (step) {
    case 'dropping':
      return `The vectors of ${other?.model ?? 'the other model'} are being dropped.`
    case 'pausing':
      return 'Pausing: the batch under way is the last.'
    case 'waiting':
      return 'Waits for the worker.'
    case 'running':
      return phase === 'embedding'
        ? `Embedding by ${other?.model ?? toModel}${done}${switchWhenWhole ? '; switches when none is missing' : ''}.`
        : `Vacuum, index and recall${phase ? `: ${phase}` : ''}${done}.`
    case 'finishing':
      return 'Nearly whole.'
    case 'standing':
      return otherWork
        ? 'Stands still; other work on this memory goes on.'
        : `Stands still${missing === null ? '' : `, ${count(missing)} items are missing`}.`
    case 'whole':
      return active.model === toModel
        ? `Switched: searched by ${toModel}. The way back to ${other?.model ?? 'the old model'} is open until its vectors are dropped.`
        : `Whole: every item has its vector of ${toModel}. Searches are still by ${active.model}.`
  }
}

/** The figures of a change. */
export function changeRows({ active }: ReEmbeddingReport, change: Change) {
  const { embedded, missing, tokens, tokensEstimated, requests, retries, cost, local, msToCome, step } = change
  const estimated = tokensEstimated === 0 ? 'counted' : tokensEstimated === tokens ? 'estimated' : 'partly estimated'
  const row = (name: string, value: string, hint?: string) => ({ name, value, hint })
  return [
    row('Searched by', `${active.model}, ${active.dimensions}`),
    row(
      'Embedded',
      `${count(embedded)}${missing === null ? '' : ` · ${count(missing)} missing`}`,
      `${count(requests)} requests, ${count(retries)} of them again`,
    ),
    row('Tokens', local ? 'none: computed here' : `${count(tokens)}, ${estimated}`),
    row('Cost so far', local ? 'nothing' : cost.soFar === null ? 'not known: no price' : money(cost.soFar)),
    ...(step === 'whole' || step === 'dropping'
      ? []
      : [
          row('Cost to come', local ? 'nothing' : cost.toCome === null ? 'not known yet' : `≈ ${money(cost.toCome)}`),
          row('Time to come', msToCome === null ? 'not known yet' : `≈ ${durationLong(Math.max(1_000, msToCome))}`),
        ]),
    ...recallRows(change),
  ]
}

function recallRows({ recallBefore, recallAfter, fromModel, toModel, wholeAt }: Change) {
  const name = (model: string) => `Recall@10 by ${model}`
  const hint =
    'Each index against exact search among its own vectors, 50 sampled items, at the ef_search or probes in force'
  if (!recallBefore && !recallAfter)
    return wholeAt === null ? [] : [{ name: 'Recall', value: 'exact: there is no index', hint: undefined }]
  return [
    { name: name(fromModel), value: recallBefore ? intervalText(recallBefore) : 'exact', hint },
    { name: name(toModel), value: recallAfter ? intervalText(recallAfter) : 'exact', hint },
  ]
}
