import { setTimeout as sleep } from 'node:timers/promises'
import { emailAddress } from '@/server/services/operators/operators.schema'
import { connectStores } from '@/server/services/stores'
import { system } from '@/server/services/context'
import { createFirstAdmin } from '@/server/services/operators/create-first-admin'
import { createSignInLink } from '@/server/services/operators/create-sign-in-link'

/** `npm run operator -- ada@example.com "Ada Lovelace"`: makes an admin, or lets one back in, by a one-time link. */
const [address = '', name] = process.argv.slice(2)
const email = emailAddress.safeParse(address)
if (!email.success) {
  console.error('Usage: npm run operator -- <email address> ["<name>"]')
  process.exit(1)
}

const stores = connectStores('worker')
try {
  await Promise.race([stores.redis.ready(), sleep(1_000)]).catch(() => {}) // Redis is not needed for this.
  const { created } = await createFirstAdmin(stores, { email: email.data, name: name ?? email.data })
  const { link, expiresAt } = await createSignInLink({ ...stores, actor: system }, { email: email.data })
  console.log(
    `${email.data} ${created ? 'is now an admin' : 'is an admin'}. Sign in once, before ${expiresAt}, with:\n${link}`,
  )
} finally {
  await stores.close()
}
