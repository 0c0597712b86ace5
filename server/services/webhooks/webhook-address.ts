import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { AppError } from '@/server/errors'

/**
 * Where no webhook goes: unspecified addresses, which reach this very machine by another name, and link-local ones, where
 * clouds keep the credentials of their machines. Private networks are allowed: receivers are often self-hosted.
 */
const refused = new BlockList()
refused.addSubnet('0.0.0.0', 8, 'ipv4')
refused.addSubnet('169.254.0.0', 16, 'ipv4')
refused.addAddress('::', 'ipv6')
refused.addSubnet('fe80::', 10, 'ipv6')
/** The same link-local range through NAT64, and AWS' metadata over IPv6. */
refused.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6')
refused.addAddress('fd00:ec2::254', 'ipv6')

/** Whether this IP address, also an IPv4 one in IPv6 clothes, is one where no webhook goes. */
export function isRefused(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && refused.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** A host of a URL that is an address itself; null for a name. */
const literal = ({ hostname }: URL) => {
  const address = hostname.replace(/^\[|\]$/g, '')
  return isIP(address) ? address : null
}

export const refusal = (address: string) => `${address} is link-local or unspecified: no webhook goes there`

/** @throws AppError `bad_request` for an address where no webhook goes; names are looked at when they are resolved. */
export function requireAllowed(url: string): void {
  const address = literal(new URL(url))
  if (address && isRefused(address)) throw new AppError('bad_request', `url: ${refusal(address)}`, { field: 'url' })
}

/** Resolves a name for a connection, and refuses it when any of its addresses is refused: no second look can differ. */
export const guardedLookup: LookupFunction = (hostname, options, callback) =>
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const bad = addresses?.find(({ address }) => isRefused(address))
    const [first] = addresses ?? []
    if (error ?? bad) return callback(error ?? new Error(refusal(bad?.address ?? hostname)), '', 0)
    if (options.all) return callback(null, addresses)
    return callback(null, first?.address ?? '', first?.family)
  })
