import { createHash, randomBytes } from 'node:crypto'
import type { KeyScope } from './keys.schema'

const marks = { app: 'egm_app_', operator: 'egm_op_' } as const satisfies Record<KeyScope, string>
const PATTERN = /^egm_(app|op)_[A-Za-z0-9_-]{43}$/
const SHOWN_CHARACTERS = 4

/** A fresh key: 32 random bytes behind a mark that tells its scope, and tells secret scanners what it is. */
export const newKeyText = (scope: KeyScope) => marks[scope] + randomBytes(32).toString('base64url')

export const isKeyText = (plaintext: string) => PATTERN.test(plaintext)

/** SHA-256 in hex. A slow hash would add nothing: the key has 256 random bits, no dictionary holds it. */
export const hashOfKey = (plaintext: string) => createHash('sha256').update(plaintext).digest('hex')

/** What may be shown of a key once it has been handed over. */
export const prefixOfKey = (plaintext: string, scope: KeyScope) =>
  plaintext.slice(0, marks[scope].length + SHOWN_CHARACTERS)
