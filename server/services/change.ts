import type { Transaction } from '@/db/postgres/client'
import { insertAudit } from '@/db/postgres/queries/audit'
import { AppError } from '@/server/errors'
import { type Actor, type Caller, type Role, roles } from './context'

/** Every action that changes something for operators, and the least role that may do it. */
export const actions = {
  'prompts.create': 'operator',
  'prompts.create-version': 'operator',
  'prompts.activate': 'operator',
  'prompts.rollback': 'operator',
  'prompts.rollout': 'operator',
  'prompts.import': 'operator',
  'prompts.request-approval': 'operator',
  'prompts.approve': 'operator',
  'prompts.reject': 'operator',
  'prompts.withdraw': 'operator',
  'channels.set-approval': 'admin',
  'usage.save-question': 'operator',
  'usage.delete-question': 'operator',
  'usage.set-retention': 'admin',
  'usage.drop-month': 'admin',
  'usage.set-redis-price': 'operator',
  'webhooks.create': 'admin',
  'webhooks.update': 'admin',
  'webhooks.delete': 'admin',
  'webhooks.test': 'admin',
  'webhooks.retry': 'admin',
  'prices.override': 'operator',
  'prices.end-override': 'operator',
  'prices.set-alias': 'operator',
  'prices.remove-alias': 'operator',
  'prices.preview-correction': 'operator',
  'prices.apply-correction': 'operator',
  'budgets.create': 'operator',
  'budgets.change': 'operator',
  'budgets.delete': 'operator',
  'budgets.restore': 'operator',
  'budgets.tell': 'admin',
  'budgets.reconcile': 'operator',
  'limits.set': 'operator',
  'limits.delete': 'operator',
  'limits.reset': 'operator',
  'cache.declare-family': 'admin',
  'cache.forget-family': 'admin',
  'kv.move': 'operator',
  'kv.cancel-move': 'operator',
  'kv.duel': 'operator',
  'kv.stop-duel': 'operator',
  'kv.mark-production': 'admin',
  'redis.edit-key': 'operator',
  'redis.expire-key': 'operator',
  'redis.delete-key': 'operator',
  'redis.restore-key': 'operator',
  'redis.delete-by-pattern': 'operator',
  'redis.cancel-delete': 'operator',
  'redis.add-connection': 'admin',
  'redis.set-writable': 'admin',
  'redis.remove-connection': 'admin',
  'sessions.log-out': 'operator',
  'sessions.cancel-log-out': 'operator',
  'sessions.undo-log-out': 'operator',
  'sessions.create-namespace': 'operator',
  'sessions.move': 'operator',
  'sessions.cancel-move': 'operator',
  'sessions.remove-namespace': 'operator',
  'leaderboards.create': 'operator',
  'leaderboards.set-mode': 'operator',
  'leaderboards.close': 'operator',
  'leaderboards.reopen': 'operator',
  'leaderboards.check': 'operator',
  'leaderboards.reconcile': 'operator',
  'flags.create': 'operator',
  'flags.change': 'operator',
  'flags.delete': 'operator',
  'vectors.ask-for-job': 'operator',
  'vectors.cancel-job': 'operator',
  'vectors.set-search': 'operator',
  'vectors.set-sleep': 'operator',
  'vectors.set-keeping': 'admin',
  'vectors.measure-recall': 'operator',
  'vectors.register-model': 'admin',
  'vectors.remove-model': 'admin',
  'vectors.re-embed': 'operator',
  'vectors.pause-re-embedding': 'operator',
  'vectors.resume-re-embedding': 'operator',
  'vectors.switch-model': 'operator',
  'vectors.drop-vectors': 'operator',
  'tenants.create': 'operator',
  'tenants.ask-erasure': 'operator',
  'tenants.erase': 'operator',
  'keys.create': 'admin',
  'keys.revoke': 'admin',
  'operators.invite': 'admin',
  'operators.set-role': 'admin',
  'operators.disable': 'admin',
  'operators.enable': 'admin',
  'operators.create-sign-in-link': 'admin',
  'operators.set-password': 'viewer',
} as const satisfies Record<string, Role>
export type Action = keyof typeof actions

/** What the audit row says beside who, when and which action. */
export type AuditNote = { target: string; before?: unknown; after?: unknown; reason?: string | null }

export function mayDo(role: Role, action: Action): boolean {
  return roles.indexOf(role) >= roles.indexOf(actions[action])
}

/** For a verb that reads before it changes: whoever may not change shall not learn what there is. */
export function requireRole(actor: Actor, action: Action): void {
  if (!mayDo(actor.role, action))
    throw new AppError('forbidden', `${action} needs the role ${actions[action]}; you are ${actor.role}.`)
}

/**
 * The only way to a transaction for a change (R10): checks the role, runs the verb, and writes its audit row in the
 * same transaction. The verb cannot leave the audit note out, because it is part of what it returns.
 */
export async function change<T>(
  { db, actor }: Pick<Caller, 'db' | 'actor'>,
  action: Action,
  verb: (tx: Transaction) => Promise<{ result: T; audit: AuditNote }>,
): Promise<T> {
  requireRole(actor, action)
  return db.transaction(async (tx) => {
    const { result, audit } = await verb(tx)
    await insertAudit(tx, { actor, action, ...audit })
    return result
  })
}
