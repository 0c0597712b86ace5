import type { WholeVersion } from '@/server/services/prompts/compare-versions'

type Settings = Pick<WholeVersion, 'model' | 'config'>
type Row = { key: string; before: string | null; after: string | null }

const shown = (value: unknown) =>
  value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value)

/** Model and config side by side, what both lack left out. */
function rowsOf(before: Settings | null, after: Settings): Row[] {
  const keys = [...new Set([...Object.keys(before?.config ?? {}), ...Object.keys(after.config)])].sort()
  return [
    { key: 'model', before: before?.model ?? null, after: after.model },
    ...keys.map((key) => ({ key, before: shown(before?.config[key]), after: shown(after.config[key]) })),
  ].filter((row) => row.before !== null || row.after !== null)
}

/** Model and config of a version, with what they were where that differs. */
export function SettingsDiff({ before, after }: { before: Settings | null; after: Settings }) {
  const rows = rowsOf(before, after)
  if (rows.length === 0)
    return <p className="border-t border-line px-3.5 py-2 text-sm text-muted">No model, no config.</p>
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t border-line px-3.5 py-2 text-sm">
      {rows.map(({ key, before: was, after: is }) => (
        <div key={key} className="flex min-w-0 gap-1.5">
          <dt className="text-muted">{key}</dt>
          <dd className="min-w-0 font-mono wrap-anywhere">
            {before && was !== is && (
              <>
                <del className="rounded-sm bg-bad-soft px-1 decoration-bad">{was ?? 'none'}</del>{' '}
              </>
            )}
            {before && was !== is ? <ins className="rounded-sm bg-ok-soft px-1 no-underline">{is ?? 'none'}</ins> : is}
          </dd>
        </div>
      ))}
    </dl>
  )
}
