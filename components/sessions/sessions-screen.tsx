'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import { FamilySwitch } from './family-switch'
import { ForeignSessions } from './foreign-sessions'
import { OwnSessions } from './own-sessions'
import { useSessions } from './sessions-params'

/** Who is signed in right now: to applications that keep their sessions in Engram, or to others whose family was declared. */
export function SessionsScreen() {
  const { family, connection } = useSessions().params
  const trpc = useTRPC()
  const families = useQuery(trpc.sessions.foreign.families.queryOptions())
  const connections = useQuery(trpc.redisKeys.connections.queryOptions())
  return (
    <>
      <FamilySwitch families={families} connections={connections.data ?? []} />
      {family === null ? (
        <OwnSessions />
      ) : (
        <ForeignSessions
          key={`${connection} ${family}`}
          of={{ connection, family }}
          declared={families.data?.find(({ name }) => name === family)}
          redis={connections.data?.find(({ id }) => id === connection)}
        />
      )}
    </>
  )
}
