import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { textOf } from '@/components/redis-keys/key-words'
import type { ForeignLogOut } from '@/server/services/sessions/foreign/foreign-sessions.schema'
import type { LogOut, SessionFilter } from '@/server/services/sessions/session-lists.schema'

export const sessionsText = (n: number) => `${count(n)} ${n === 1 ? 'session' : 'sessions'}`

/** "of tenant acme, user u-42, idle for 2 h"; empty where nothing is asked. */
export function filterText(filter: SessionFilter): string {
  const { namespace, tenant, user, prompt, olderThanSeconds, idleSeconds, minBytes } = filter
  return [
    namespace !== null && `namespace ${namespace}`,
    tenant !== null && `tenant ${tenant}`,
    user !== null && `user ${user}`,
    prompt !== null && `prompt ${prompt}`,
    olderThanSeconds !== null && `begun ${durationLong(olderThanSeconds * 1000)} ago or longer`,
    idleSeconds !== null && `idle for ${durationLong(idleSeconds * 1000)} or longer`,
    minBytes !== null && `${bytesText(minBytes)} or larger`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** What a log-out was of: sessions of Engram's own, or of other software. */
export function logOutText({ of, ofOthers }: { of: LogOut | null; ofOthers: ForeignLogOut | null }): string {
  if (ofOthers) return foreignLogOutText(ofOthers)
  if (!of) return 'of a form that this console does not know'
  if (of.ids) return of.ids.length === 1 ? `session ${of.ids[0] ?? ''}` : `${count(of.ids.length)} chosen sessions`
  return filterText(of) || 'every session'
}

function foreignLogOutText({ family, keys, user }: ForeignLogOut): string {
  const [only] = keys ?? []
  if (keys?.length === 1 && only !== undefined) return textOf(only, 100)
  if (keys) return `${count(keys.length)} chosen sessions of ${family}`
  return user === null ? `every session of ${family}` : `${family}, user ${user}`
}
