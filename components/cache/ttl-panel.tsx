import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { bytesText } from '@/components/format/bytes'
import { countText } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { Bar } from '@/components/ui/bar'
import { type Census, censusSource, coverageText } from './census-source'

/** Named as TTL_ENDS_SECONDS cuts them. */
const stretches = ['never', '< 1 min', '< 10 min', '< 1 h', '< 6 h', '< 1 d', '< 7 d', '7 d and more']

/** When what Redis holds will be gone: by keys, and by the memory that comes free. */
export function TtlPanel({ state, census, asOf }: { state: PanelState; census: Census | null; asOf: string }) {
  const ttl = census?.report.ttl ?? { keys: [], bytes: [] }
  const [keys, bytes] = [sum(ttl.keys), sum(ttl.bytes)]
  return (
    <Panel
      title="Time to live"
      memory="redis"
      badge="keys and bytes"
      source={census ? censusSource(census, 'By the time that keys have left.') : undefined}
      note={census && coverageText(census, asOf)}
      state={state}
      minHeight={220}
    >
      <table className="w-full">
        <caption className="sr-only">Keys and memory by time to live</caption>
        <thead>
          <tr className="text-left text-sm text-muted [&>th]:px-3.5 [&>th]:py-1 [&>th]:font-normal">
            <th>Expires in</th>
            <th colSpan={2} className="max-sm:text-right">
              Keys
            </th>
            <th colSpan={2} className="max-sm:text-right">
              Memory
            </th>
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {stretches.map((stretch, bin) => {
            const [ofKeys, ofBytes] = [ttl.keys[bin] ?? 0, ttl.bytes[bin] ?? 0]
            return (
              <tr key={stretch} className="[&>td]:border-t [&>td]:border-line [&>td]:py-1 [&>td]:pr-3.5">
                <th className="border-t border-line px-3.5 text-left font-normal whitespace-nowrap">{stretch}</th>
                <td className="w-px text-right whitespace-nowrap" title={percentText(keys > 0 ? ofKeys / keys : 0)}>
                  {countText(ofKeys)}
                </td>
                <td className="w-1/4 max-sm:hidden">
                  <Bar share={keys > 0 ? ofKeys / keys : 0} memory="redis" />
                </td>
                <td className="w-px text-right whitespace-nowrap" title={percentText(bytes > 0 ? ofBytes / bytes : 0)}>
                  {bytesText(ofBytes)}
                </td>
                <td className="w-1/4 max-sm:hidden">
                  <Bar share={bytes > 0 ? ofBytes / bytes : 0} memory="redis" />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
