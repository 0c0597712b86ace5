import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { authSecret } from '@/server/env'
import { AppError } from '@/server/errors'

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts secrets of one purpose under AUTH_SECRET, each with a key of its own, so that what signs cookies is never used as
 * it is. `lost` is what to say where one cannot be read any more.
 */
export function sealer(purpose: string, lost: string) {
  const keyOf = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32))
  return {
    /** Base64 of IV, tag and ciphertext. `id` is bound to it: rows cannot be swapped. */
    seal(text: string, id: string, secret = authSecret()): string {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv(CIPHER, keyOf(secret), iv).setAAD(Buffer.from(id))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')
    },
    /** @throws AppError `conflict` when it was sealed under another AUTH_SECRET, or touched */
    unseal(sealed: string, id: string, secret = authSecret()): string {
      const bytes = Buffer.from(sealed, 'base64')
      try {
        const decipher = createDecipheriv(CIPHER, keyOf(secret), bytes.subarray(0, IV_BYTES))
        decipher.setAAD(Buffer.from(id)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new AppError('conflict', lost, { cause })
      }
    },
  }
}
