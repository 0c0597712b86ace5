'use client'

import { Fragment, useMemo, useState } from 'react'
import { count } from '@/components/format/count'
import { cn } from '@/components/ui/cn'
import { foldSame, prepareDiff, type DiffLine } from './prepare-diff'
import { Pieces } from './variable-text'

const MOST_LINES = 2_000
const looks = { same: '', added: 'bg-ok-soft', removed: 'bg-bad-soft' } as const
const said = { same: '', added: 'added: ', removed: 'removed: ' } as const
const number = 'w-9 pr-2 text-right align-top text-faint select-none'

/** What changed between two texts; long stretches that did not are folded until asked for. */
export function VersionDiff({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = useMemo(() => prepareDiff(before, after), [before, after])
  const [unfolded, setUnfolded] = useState<ReadonlySet<DiffLine>>(new Set())
  const entries = foldSame(lines).flatMap((entry) =>
    entry.kind === 'fold' && entry.lines[0] && unfolded.has(entry.lines[0]) ? entry.lines : [entry],
  )
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="overflow-x-auto border-t border-line -outline-offset-2"
    >
      <table className="w-full border-separate border-spacing-0 font-mono text-sm leading-5">
        <caption className="sr-only">{label}</caption>
        <tbody>
          {entries.slice(0, MOST_LINES).map((entry, index) => (
            <Fragment key={index}>
              {entry.kind === 'fold' ? (
                <FoldedRow
                  lines={entry.lines.length}
                  onOpen={() => setUnfolded((open) => new Set([...open, ...entry.lines.slice(0, 1)]))}
                />
              ) : (
                <LineRow line={entry} />
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      {entries.length > MOST_LINES && (
        <p className="px-3.5 py-1.5 text-sm text-faint">
          {count(MOST_LINES)} of {count(entries.length)} lines
        </p>
      )}
    </div>
  )
}

function LineRow({ line: { kind, before, after, pieces } }: { line: DiffLine }) {
  return (
    <tr className={looks[kind]}>
      <td className={number}>{before}</td>
      <td className={number}>{after}</td>
      <td className={cn('pr-3.5 wrap-anywhere whitespace-pre-wrap', kind === 'removed' && 'text-text')}>
        {said[kind] && <span className="sr-only">{said[kind]}</span>}
        <Pieces of={pieces} kind={kind} />
        {pieces.length === 0 && '\u200b'}
      </td>
    </tr>
  )
}

function FoldedRow({ lines, onOpen }: { lines: number; onOpen: () => void }) {
  return (
    <tr>
      <td colSpan={3} className="bg-sunken p-0">
        <button
          type="button"
          onClick={onOpen}
          className="w-full py-0.5 text-center font-sans text-sm text-muted -outline-offset-2 hover:text-text"
        >
          {count(lines)} unchanged lines
        </button>
      </td>
    </tr>
  )
}
