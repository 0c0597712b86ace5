import { z } from 'zod'

export const sessionStores = ['redis', 'unlogged'] as const
export const sessionNamespace = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens, at most 63')

export const CreateSessionNamespace = z.strictObject({ name: sessionNamespace, store: z.enum(sessionStores) })
export type CreateSessionNamespace = z.output<typeof CreateSessionNamespace>
export const MoveSessions = CreateSessionNamespace
export const SessionNamespaceName = z.strictObject({ name: sessionNamespace })
export type SessionNamespaceName = z.output<typeof SessionNamespaceName>
