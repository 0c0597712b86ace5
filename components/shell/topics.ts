import type { Memory } from '@/components/ui/memory'

export interface Topic {
  href: string
  label: string
  /** `g`, then this, moves there. */
  letter: string
  /** The memory that it belongs to; null for what stands apart. */
  memory: Memory | null
}

/** The pages that there are, in the order of the navigation. */
export const topics = [
  { href: '/', label: 'Overview', letter: 'o', memory: null },
  { href: '/cache', label: 'Cache', letter: 'c', memory: 'redis' },
  { href: '/sessions', label: 'Sessions', letter: 'n', memory: 'redis' },
  { href: '/leaderboards', label: 'Leaderboards', letter: 'l', memory: 'redis' },
  { href: '/limits', label: 'Limits', letter: 'r', memory: 'redis' },
  { href: '/flags', label: 'Flags', letter: 'f', memory: 'postgres' },
  { href: '/prompts', label: 'Prompts', letter: 'p', memory: 'postgres' },
  { href: '/usage', label: 'Usage', letter: 'u', memory: 'postgres' },
  { href: '/vectors', label: 'Vectors', letter: 'v', memory: 'postgres' },
  { href: '/settings', label: 'Settings', letter: 's', memory: null },
] as const satisfies Topic[]

export const connectHref = '/settings/connect'

export const isWithin = (pathname: string, href: string) =>
  href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
