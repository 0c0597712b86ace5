import { expect, it } from 'vitest'
import { guardedLookup, isRefused } from './webhook-address'
import { CreateWebhook } from './webhooks.schema'

it('refuses link-local and unspecified addresses in every dress, and allows private networks', () => {
  const refused = ['0.0.0.0', '0.1.2.3', '169.254.0.1', '169.254.169.254', '::', 'fe80::1', 'febf::1', '::ffff:169.254.169.254', '::ffff:0.0.0.0', '64:ff9b::a9fe:a9fe', 'fd00:ec2::254'] // prettier-ignore
  expect(refused.filter((address) => !isRefused(address))).toEqual([])
  const allowed = ['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '::1', 'fd00::1', '169.253.255.255', '2001:db8::1', 'example.com'] // prettier-ignore
  expect(allowed.filter(isRefused)).toEqual([])
})

it('looks again when a name is resolved, for one address and for all', async () => {
  const resolve = (hostname: string, all: boolean) =>
    new Promise((settle) => guardedLookup(hostname, { all }, (error, address) => settle(error?.message ?? address)))
  expect(await resolve('0.0.0.0', false)).toBe('0.0.0.0 is link-local or unspecified: no webhook goes there')
  expect(await resolve('169.254.169.254', true)).toContain('no webhook goes there')
  expect(await resolve('127.0.0.1', false)).toBe('127.0.0.1')
  expect(await resolve('127.0.0.1', true)).toEqual([{ address: '127.0.0.1', family: 4 }])
  expect(await resolve('nobody.invalid', false)).toContain('nobody.invalid')
})

it('R13: takes http and https without credentials, and events that there are', () => {
  const errorOf = (input: object) =>
    CreateWebhook.safeParse({ name: 'n', url: 'https://example.com/hook', events: ['prompt.activated'], ...input })
      .error?.issues[0]
  expect(errorOf({})).toBeUndefined()
  for (const url of [
    '',
    'example.com',
    'ftp://example.com',
    'javascript:alert(1)',
    'https://a:b@example.com',
    'https://a@example.com',
    'http://',
    `https://example.com/${'x'.repeat(2_000)}`,
  ])
    // prettier-ignore
    expect(errorOf({ url })?.path, url).toEqual(['url'])
  expect(errorOf({ events: [] })).toMatchObject({ path: ['events'], message: 'choose at least one event' })
  expect(errorOf({ events: ['prompt.exploded'] })?.path).toEqual(['events', 0])
  expect(errorOf({ name: '' })?.path).toEqual(['name'])
})
