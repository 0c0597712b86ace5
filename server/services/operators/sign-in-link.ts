import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Db } from '@/db/postgres/client'
import { insertSignInLink } from '@/db/postgres/queries/operators'
import { serverEnv } from '@/server/env'
import { signInLinkMinutes } from './operators.schema'

/** SHA-256 in base64url, as better-auth's magic-link plugin hashes its tokens. */
export const hashOfLinkToken = (token: string) => createHash('sha256').update(token).digest('base64url')

/** Keeps a fresh one-time link for this address and returns what to open. Only the hash of its token is kept. */
export async function newSignInLink(db: Db, email: string, minutes = signInLinkMinutes) {
  const token = randomBytes(24).toString('base64url')
  const expiresAt = new Date(Date.now() + minutes * 60_000)
  await insertSignInLink(db, {
    id: randomUUID(),
    identifier: hashOfLinkToken(token),
    value: JSON.stringify({ email, attempt: 0 }),
    expiresAt,
  })
  const url = new URL('/api/auth/magic-link/verify', serverEnv().consoleUrl)
  url.searchParams.set('token', token)
  url.searchParams.set('callbackURL', '/')
  return { link: url.toString(), expiresAt: expiresAt.toISOString() }
}
