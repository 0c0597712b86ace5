import { isDeepStrictEqual } from 'node:util'
import { CHANNEL } from '@/scripts/check-staleness/prompts'
import type { Outcomes } from './clients'
import type { AuditRow, HistoryRow, Record, Snapshot } from './evidence'

/** R1, R3 at one instant: one active version, which the newest row of the history names, with one audit row for each. */
export function faultsOfSnapshot({ prompt, active, pointer, newest, activations, audited }: Snapshot): string[] {
  return [
    ...(active === 1 ? [] : [`${prompt}: ${active} active versions`]),
    ...(isDeepStrictEqual(pointer, newest)
      ? []
      : [`${prompt}: live is ${say(pointer)}, the history says ${say(newest)}`]),
    ...(newest?.revision === activations
      ? []
      : [`${prompt}: ${activations} activations up to revision ${newest?.revision}`]),
    ...(audited === activations ? [] : [`${prompt}: ${activations} activations, but ${audited} audit rows`]),
  ]
}

/** R3 afterwards, row by row: no gaps, each row follows from the one before, the audit says the same, all is applied. */
export function faultsOfRecord({ prompt, pointers, history, audit, undone }: Record): string[] {
  const faults = history.flatMap((row, index) => {
    const says = `${prompt}, revision ${row.revision}: `
    return faultsOfRow(row, index, history[index - 1], audit[index]).map((fault) => says + fault)
  })
  if (audit.length !== history.length)
    faults.push(`${prompt}: ${history.length} activations, but ${audit.length} audit rows`)
  const last = history.at(-1)
  const live = last && [{ version: last.version, revision: last.revision }]
  if (
    !isDeepStrictEqual(
      [...pointers].map(({ version, revision }) => ({ version, revision })),
      live ?? [],
    )
  )
    faults.push(`${prompt}: live is ${say(pointers)}, the history ends with ${say(live)}`)
  if (undone > 0) faults.push(`${prompt}: Redis was not told of ${undone} activations`)
  return faults
}

function faultsOfRow(row: HistoryRow, index: number, before: HistoryRow | undefined, audit: AuditRow | undefined) {
  const faults: string[] = []
  const same = (what: string, actual: unknown, expected: unknown) => {
    if (!isDeepStrictEqual(actual, expected)) faults.push(`${what} is ${say(actual)}, not ${say(expected)}`)
  }
  same('the revision', row.revision, index + 1)
  same('the version before', row.previousVersion, before?.version ?? null)
  same('applied', row.applied, true)
  same('the audited action', audit?.action, `prompts.${row.kind}`)
  same('the audited actor', audit?.actor, row.actor)
  same('the audited reason', audit?.reason, row.reason)
  same('what the audit has after it', audit && pointerOf(audit.after), pointerOf({ ...row, channel: CHANNEL }))
  const was = before ? pointerOf({ ...before, channel: CHANNEL }) : null
  same('what the audit has before it', audit?.before ? pointerOf(audit.before) : null, was)
  return faults
}

/** R3 for whoever asked: what was acknowledged is in the history as told, once; what was refused is not. */
export function faultsOfOutcomes({ told, refused, unexpected }: Outcomes, records: readonly Record[]): string[] {
  const rows = records.flatMap(({ history }) => history)
  const byOp = new Map(rows.map((row) => [row.reason, row]))
  const faults = unexpected.map((error) => `neither done nor refused: ${error}`)
  if (byOp.size !== rows.length) faults.push(`${rows.length - byOp.size} changes were committed twice`)
  for (const [op, { revision, version }] of told) {
    const row = byOp.get(op)
    if (row?.revision !== revision || row.version !== version)
      faults.push(`${op} was told revision ${revision} of version ${version}, the history says ${say(row)}`)
  }
  for (const op of refused) if (byOp.has(op)) faults.push(`${op} was refused, but is in the history`)
  return faults
}

const pointerOf = ({ channel, version, revision }: { channel: string; version: number; revision: number }) => ({
  channel,
  version,
  revision,
})
const say = (value: unknown) => JSON.stringify(value ?? null)
