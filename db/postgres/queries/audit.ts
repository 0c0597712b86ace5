import type { Db } from '@/db/postgres/client'
import { audit } from '@/db/postgres/schema/audit'

type Entry = {
  actor: { kind: 'operator' | 'key' | 'system'; id: string; name: string }
  action: string
  target: string
  before?: unknown
  after?: unknown
  reason?: string | null
}

export async function insertAudit(db: Db, { actor, ...entry }: Entry): Promise<void> {
  await db.insert(audit).values({ ...entry, actorKind: actor.kind, actorId: actor.id, actorName: actor.name })
}
