import { Sparkline } from '@/components/charts/sparkline'
import { FigureValue } from '@/components/feedback/figure-value'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { compactCount, count, tokensText } from '@/components/format/count'
import { duration, durationText } from '@/components/format/duration'
import { missingFigure } from '@/components/format/figure'
import { money } from '@/components/format/money'
import { percent } from '@/components/format/percent'
import { Stat } from '@/components/ui/stat'
import type { Overview } from '@/server/services/overview/overview'
import { FigureGrid } from './figure-grid'
import { pointsOf } from './points'
import { latencySource, promptsSource, usageSource } from './sources'
import { changeText } from './window-text'

const MANY_ERRORS = 0.05

/** Postgres over the range: what was used and what it cost, and what is live. */
export function PostgresCard({
  state,
  data,
  window,
  before,
}: {
  state: PanelState
  data: Overview | undefined
  window: string
  before: string
}) {
  return (
    <Panel
      title="Long-term memory"
      memory="postgres"
      badge={data && `Postgres ${data.postgres.version}`}
      edge
      note={data?.tenant}
      state={state}
      minHeight={230}
    >
      {data && <PostgresFigures data={data} window={window} before={before} />}
    </Panel>
  )
}

function PostgresFigures({ data, window, before }: { data: Overview; window: string; before: string }) {
  const { postgres, axis, marks } = data
  const { during, before: earlier, series, prompts } = postgres
  const common = { window, asOf: data.asOf }
  const line = (values: (number | null)[], format: 'count' | 'money' | 'ms' | 'percent') => (
    <Sparkline points={pointsOf(axis, values)} memory="postgres" format={format} />
  )
  const tokens = during.inputTokens + during.outputTokens
  const noRequests = missingFigure(`no requests in the ${window}`)
  return (
    <FigureGrid>
      <Stat
        label="Cost"
        value={
          <FigureValue
            figure={{ value: money(during.costUsd), unit: '' }}
            source={usageSource(common, `Sum of priced requests; ${count(during.unpriced)} unpriced are not in it.`)}
          />
        }
        remark={changeText(Number(during.costUsd), Number(earlier.costUsd), before)}
      >
        {line(series.costPerMinute, 'money')}
      </Stat>
      <Stat
        label="Requests"
        value={
          <FigureValue
            figure={compactCount(during.requests)}
            source={usageSource(common, `${count(during.requests)} reported by the applications.`)}
          />
        }
        remark={changeText(during.requests, earlier.requests, before)}
      >
        {line(series.requestsPerMinute, 'count')}
      </Stat>
      <Stat
        label="Latency p95"
        value={
          <FigureValue
            figure={
              during.latencyMsP95 === null
                ? missingFigure(`no request in the ${window} said how long it took`)
                : duration(during.latencyMsP95)
            }
            source={latencySource(common, postgres.latencySampled)}
          />
        }
        remark={earlier.latencyMsP95 === null ? undefined : `${durationText(earlier.latencyMsP95)} in ${before}`}
      >
        {line(series.latencyMsP95, 'ms')}
      </Stat>
      <Stat
        label="Tokens"
        value={
          <FigureValue
            figure={compactCount(tokens)}
            source={usageSource(common, 'Input tokens, cache reads and writes included, and output tokens.')}
          />
        }
        remark={`${tokensText(during.inputTokens)} in · ${tokensText(during.outputTokens)} out`}
      >
        {line(series.tokensPerMinute, 'count')}
      </Stat>
      <Stat
        label="Errors"
        value={
          <FigureValue
            figure={during.requests === 0 ? noRequests : percent(during.errors / during.requests)}
            source={usageSource(
              common,
              `${count(during.errors)} errors and timeouts ÷ ${count(during.requests)} requests.`,
            )}
          />
        }
        remark={
          <span className={during.errors > MANY_ERRORS * during.requests ? 'text-bad' : undefined}>
            {count(during.errors)} of {count(during.requests)} requests
          </span>
        }
      >
        {line(series.errorShare, 'percent')}
      </Stat>
      <Stat
        label="Active prompts"
        value={<FigureValue figure={compactCount(prompts.active)} source={promptsSource(common)} />}
        remark={marks.length === 1 ? '1 activation' : `${marks.length} activations in range`}
      />
    </FigureGrid>
  )
}
