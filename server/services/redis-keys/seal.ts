import { sealer } from '@/server/services/sealer'

/** Of the passwords of connections; `id` is that of the connection. */
export const { seal, unseal } = sealer(
  'engram redis connections',
  'The password of this connection was kept under another AUTH_SECRET: remove the connection and add it again.',
)
