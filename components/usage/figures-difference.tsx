import { CodeBlock } from '@/components/ui/code-block'
import type { UsageCheck } from '@/server/services/usage/checks/usage-checks'

/** What a check found: the first rows that differ, and the question that shows them all. */
export function FiguresDifference({ check: { differences, from, to } }: { check: UsageCheck }) {
  return differences.map(({ check, query, rows }) => {
    const columns = Object.keys(rows[0] ?? {})
    return (
      <section key={check} aria-label={check} className="grid min-w-0 gap-1.5 border-t border-line pt-3">
        <h3 className="font-semibold text-bad">Broken: {check}</h3>
        <p className="text-sm text-muted">
          {from.slice(0, 16)} to {to.slice(0, 16)} UTC. What is left over, the calls less their sums:
        </p>
        <div tabIndex={0} role="region" aria-label="Rows that differ" className="overflow-x-auto">
          <table className="text-sm tabular-nums">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col" className="pr-4 text-left font-normal text-faint">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, 5).map((row, index) => (
                <tr key={index}>
                  {columns.map((column) => (
                    <td key={column} className="pr-4 whitespace-nowrap">
                      {row[column] === null ? '–' : String(row[column])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <CodeBlock code={query} label="Copy the query" />
      </section>
    )
  })
}
