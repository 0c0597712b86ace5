import { selectFlagsAt } from '@/db/postgres/queries/flags'
import type { Stores } from '@/server/services/context'
import type { z } from 'zod'
import type { FlagsAt } from './flags.schema'

const MOST = 400

/** What held of every flag at an instant, for all and for one tenant, with who made it so. Shares in percent. */
export async function flagsAt({ db }: Pick<Stores, 'db'>, { at, tenant }: z.output<typeof FlagsAt>) {
  const rows = await selectFlagsAt(db, { at, tenant, limit: MOST })
  const inPercent = <R extends { share: number }>(rules: R) => ({ ...rules, share: rules.share / 100 })
  const flags = rows.flatMap(({ flag, tenant, after, by, at, reason, revision }) =>
    after ? [{ flag, tenant, rules: inPercent(after), by, reason, revision, since: at.toISOString() }] : [],
  )
  // A flag that was deleted has no rules of its own any more: those of tenants went with it.
  const live = new Set(flags.filter((one) => one.tenant === null).map(({ flag }) => flag))
  return flags.filter(({ flag }) => live.has(flag))
}
export type FlagAt = Awaited<ReturnType<typeof flagsAt>>[number]
