import type { SpanKind } from './span-kind'

export type SpanNode = {
  /** Trace and span id. */
  key: string
  /** Trace and parent's id; null for a root. */
  parent: string | null
  kind: SpanKind
  reports: 'usage' | 'failure' | null
}
export type Verdict = 'counted' | 'repeated' | 'circular'

/** What is known of the spans below one: usage somewhere, usage with no container in between, any report likewise. */
const USAGE_BELOW = 1
const USAGE_WITHIN = 2
const REPORT_WITHIN = 4

/**
 * Which spans of one export count (ADR 19). A span repeats the usage of those below it, and only they count. Between a
 * span known to be a call and a call below it, a tool or an agent makes the lower one another call: both count.
 * A span that is its own ancestor belongs nowhere. Takes time and memory in proportion to the number of spans.
 */
export function countedOnce(nodes: readonly SpanNode[]): Verdict[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]))
  const below = new Map<SpanNode, number>()
  for (const node of nodes) if (node.reports) markAbove(node, byKey, below)
  const circular = circularOf(nodes, byKey)
  return nodes.map((node) => {
    if (circular.has(node)) return 'circular'
    return (below.get(node) ?? 0) & coveringOf(node) ? 'repeated' : 'counted'
  })
}

const coveringOf = ({ kind, reports }: SpanNode) =>
  kind === 'unknown' ? USAGE_BELOW : reports === 'failure' ? REPORT_WITHIN : USAGE_WITHIN

/** Stops where all is marked already, so that each span is passed a few times at most, and a cycle ends. */
function markAbove(node: SpanNode, byKey: Map<string, SpanNode>, below: Map<SpanNode, number>) {
  let marks = node.reports === 'usage' ? USAGE_BELOW | USAGE_WITHIN | REPORT_WITHIN : REPORT_WITHIN
  for (let above = parentOf(node, byKey); above && marks; above = parentOf(above, byKey)) {
    const known = below.get(above) ?? 0
    if ((known & marks) === marks) return
    below.set(above, known | marks)
    if (above.kind === 'container') marks &= USAGE_BELOW
  }
}

const parentOf = ({ parent }: SpanNode, byKey: Map<string, SpanNode>) =>
  parent === null ? undefined : byKey.get(parent)

function circularOf(nodes: readonly SpanNode[], byKey: Map<string, SpanNode>): Set<SpanNode> {
  const circular = new Set<SpanNode>()
  const seen = new Map<SpanNode, number>()
  for (const [walk, start] of nodes.entries()) {
    let node: SpanNode | undefined = start
    for (; node && !seen.has(node); node = parentOf(node, byKey)) seen.set(node, walk)
    if (!node || seen.get(node) !== walk) continue
    for (; node && !circular.has(node); node = parentOf(node, byKey)) circular.add(node)
  }
  return circular
}
