import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { ProcessRole } from '@/server/services/stores'
import { version } from '@/server/version'

/** A process as the others know it. */
export type ThisProcess = {
  id: string
  role: ProcessRole
  /** Short enough for people: `gateway-1a2b`. */
  name: string
  host: string
  version: string
  startedAt: Date
}

export function thisProcess(role: ProcessRole): ThisProcess {
  const id = randomUUID()
  return { id, role, name: `${role}-${id.slice(0, 4)}`, host: hostname(), version, startedAt: new Date() }
}
