'use client'

import { Age } from '@/components/feedback/age'
import { Sourced, type Source } from '@/components/feedback/source-note'
import { dash } from '@/components/format/figure'
import { percentText } from '@/components/format/percent'
import { usePulse } from './pulse'

const ownSource: Source = {
  stores: ['redis', 'postgres'],
  from: 'processes, pg_stat_statements',
  window: 'the last 5 s of each process',
  precision: 'estimated',
  detail:
    'Console and worker together; the gateway is left out, because it carries the applications’ traffic. Redis: our calls by command × the mean cost that Redis measured for it. Postgres: what pg_stat_statements counted, by our part of the time that Engram’s processes waited; a dash where it is not loaded.',
}

const shareText = (share: number | null | undefined) => (share == null ? dash : percentText(share))

/** Where figures come from, how old they are, and what watching costs (R8, R12). */
export function Footer({ version }: { version: string }) {
  const { pulse } = usePulse()
  return (
    <footer className="mt-auto flex flex-wrap gap-x-6 gap-y-1 border-t border-line px-4 py-2 text-sm text-faint md:px-6">
      <span className="max-md:hidden">Every figure: hover for its source, window and age</span>
      {pulse?.newestSampleAt && (
        <span>
          Redis read <Age at={pulse.newestSampleAt} />
        </span>
      )}
      <span className="md:ml-auto">
        <Sourced source={pulse ? { ...ownSource, asOf: pulse.at } : ownSource}>
          Engram’s own share · Redis {shareText(pulse?.own.redisShare)} · Postgres {shareText(pulse?.own.postgresShare)}
        </Sourced>
      </span>
      <span>v{version}</span>
    </footer>
  )
}
