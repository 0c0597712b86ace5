import { selectFlag, selectFlagChanges, selectFlags } from '@/db/postgres/queries/flags'
import type { FlagRules } from '@/db/postgres/schema/flags'
import type { Stores } from '@/server/services/context'
import { noSuchFlag } from './no-such-flag'

const LISTED = 200
const CHANGES = 50

export async function listFlags({ db }: Pick<Stores, 'db'>) {
  const rows = await selectFlags(db, LISTED)
  return {
    asOf: new Date().toISOString(),
    total: rows[0]?.total ?? 0,
    flags: rows.map(({ createdAt, changedAt, salt: _, total: __, share, ...flag }) => ({
      ...flag,
      share: share / 100,
      createdAt: createdAt.toISOString(),
      changedAt: changedAt.toISOString(),
    })),
  }
}
export type ListedFlag = Awaited<ReturnType<typeof listFlags>>['flags'][number]

const inPercent = (rules: FlagRules) => ({ ...rules, share: rules.share / 100 })

/** A flag with what holds for single tenants and who changed what. Shares in percent. @throws AppError `not_found` */
export async function flagPage({ db }: Pick<Stores, 'db'>, { name }: { name: string }) {
  const [flag, changes] = await Promise.all([selectFlag(db, name), selectFlagChanges(db, name, CHANGES)])
  if (!flag) throw noSuchFlag(name)
  const { description, enabled, share, users, groups, revision } = flag
  return {
    asOf: new Date().toISOString(),
    name,
    description,
    revision,
    rules: inPercent({ enabled, share, users, groups }),
    overrides: Object.entries(flag.overrides).map(([tenant, rules]) => ({ tenant, rules: inPercent(rules) })),
    changes: changes.map(({ at, before, after, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
      before: before && inPercent(before),
      after: after && inPercent(after),
    })),
  }
}
export type FlagPage = Awaited<ReturnType<typeof flagPage>>
export type ShownRules = FlagPage['rules']
