import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { insertSigningKey, selectSigningKeys, type SigningKey } from '@/db/postgres/queries/erasures'
import type { Stores } from '@/server/services/context'
import type { ErasureReceipt, UnsignedReceipt } from './tenants.schema'

type Postgres = Pick<Stores, 'db'>

/** JSON without spaces, keys in order: what `jq -cjS` prints. So a receipt can be checked wherever it was kept, and how. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
    .join(',')}}`
}

/** The key that signs; the first process that needs one makes it, and of two that made one at once the older counts. */
async function signingKey({ db }: Postgres): Promise<SigningKey> {
  const [known] = await selectSigningKeys(db)
  if (known) return known
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const id = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)
  await insertSigningKey(db, {
    id,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  })
  return signingKey({ db })
}

/** Signs everything but the signature itself. */
export async function signReceipt(stores: Postgres, receipt: UnsignedReceipt): Promise<ErasureReceipt> {
  const { id, privateKey } = await signingKey(stores)
  const value = sign(null, Buffer.from(canonical(receipt)), createPrivateKey(privateKey)).toString('base64')
  return { ...receipt, signature: { algorithm: 'Ed25519', keyId: id, value } }
}

/** What others check receipts with, the one in use first. Made where there is none yet. */
export async function publicKeys(stores: Postgres) {
  await signingKey(stores)
  const keys = await selectSigningKeys(stores.db)
  return keys.map(({ id, publicKey, createdAt }) => ({
    id,
    algorithm: 'Ed25519' as const,
    publicKey,
    createdAt: createdAt.toISOString(),
  }))
}

export type ReceiptCheck = { valid: true; keyId: string } | { valid: false; why: string }

/** Whether a receipt says what was signed here. `text` is a receipt as JSON, in any order and spacing. */
export async function checkReceipt({ db }: Postgres, { text }: { text: string }): Promise<ReceiptCheck> {
  const parsed = asObject(text)
  if (!parsed) return { valid: false, why: 'This is not a receipt: it is no JSON object.' }
  const { signature, ...receipt } = parsed
  const { keyId, value } = (signature ?? {}) as { keyId?: unknown; value?: unknown }
  if (typeof keyId !== 'string' || typeof value !== 'string')
    return { valid: false, why: 'This is not a receipt: it has no signature.' }
  const key = (await selectSigningKeys(db)).find(({ id }) => id === keyId)
  if (!key) return { valid: false, why: `It was signed with the key ${keyId.slice(0, 40)}, which is none of ours.` }
  const signed = Buffer.from(canonical(receipt))
  return verify(null, signed, createPublicKey(key.publicKey), Buffer.from(value, 'base64'))
    ? { valid: true, keyId }
    : { valid: false, why: 'The signature does not fit: something in it is not as it was signed.' }
}

function asObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
