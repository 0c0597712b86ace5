import type { Act } from '@/scripts/check-staleness/acts'
import { CHANNEL } from '@/scripts/check-staleness/prompts'
import { rawSql } from '@/scripts/faults/raw-sql'

const careless = { kind: 'system', id: 'careless', name: 'Careless' }

/** Activates without compare-and-swap: the pointer moves on from wherever it is by then. The check must catch it. */
export function carelessWriter(databaseUrl: string) {
  const sql = rawSql(databaseUrl)
  const act: Act = async ({ op, prompt, version }) => {
    const [live] = await sql`
      select p.id, d.version, d.revision::int from prompts p join prompt_deployments d on d.prompt_id = p.id
      where p.name = ${prompt} and d.channel = ${CHANNEL}`
    if (!live) throw new Error(`${prompt} has no active version`)
    const before = { channel: CHANNEL, version: Number(live.version), revision: Number(live.revision) }
    return sql.begin(async (tx) => {
      const [moved] = await tx`
        update prompt_deployments set version = ${version}, revision = revision + 1, rollout = null
        where prompt_id = ${live.id} and channel = ${CHANNEL} returning revision::int`
      const revision = Number(moved?.revision)
      await tx`
        insert into prompt_activations (prompt_id, channel, revision, version, previous_version, rollback_revision, kind,
          actor_kind, actor_id, actor_name, reason, committed_at, applied_at)
        values (${live.id}, ${CHANNEL}, ${revision}, ${version}, ${before.version}, ${before.revision}, 'activate',
          ${careless.kind}, ${careless.id}, ${careless.name}, ${op}, now(), now())`
      await tx`
        insert into audit (actor_kind, actor_id, actor_name, action, target, before, after, reason)
        values (${careless.kind}, ${careless.id}, ${careless.name}, 'prompts.activate', ${prompt},
          ${tx.json(before)}, ${tx.json({ channel: CHANNEL, version, revision })}, ${op})`
      return { revision, version, appliedAt: null }
    })
  }
  return { act, close: () => sql.end() }
}
