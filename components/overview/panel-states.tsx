import { Link } from '@/components/ui/link'
import type { PanelState } from '@/components/feedback/panel-state'
import { connectHref } from '@/components/shell/topics'
import { Button } from '@/components/ui/button'

/** Redis is down: what stands is its newest sample, and says how old it is. */
export function redisDegraded(downSince: string | null, newestAt: string | null): PanelState | undefined {
  if (downSince === null) return undefined
  return { status: 'degraded', store: 'redis', since: downSince, shownFrom: newestAt ?? undefined }
}

export const noSamples = {
  title: 'Redis was not sampled in this range',
  hint: 'The worker reads INFO every five seconds and keeps what changed for 14 days. It is part of npm start and of the demo.',
  command: 'npm run start:worker',
}

export const noUsage = {
  title: 'No usage in this range',
  hint: 'An application reports each call of a model with one POST; its cost, tokens and latency appear here.',
  action: (
    <Button asChild variant="primary">
      <Link href={connectHref}>Connect an application</Link>
    </Button>
  ),
}

export const noActivations = {
  title: 'No prompt was ever activated',
  hint: 'Activating a version makes it live for every application at once; each move is listed here and marked on the charts.',
  action: (
    <Button asChild>
      <Link href="/prompts">Open Prompts</Link>
    </Button>
  ),
}

export const noLookups = {
  title: 'No look-ups in this range',
  hint: 'Applications that ask the answer cache before a model show here, by namespace, how often it spared them the call.',
  action: (
    <Button asChild>
      <Link href={connectHref}>Connect an application</Link>
    </Button>
  ),
}
