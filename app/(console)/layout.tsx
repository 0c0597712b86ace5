import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { loadTimezone } from '@/components/shell/load-scope'
import { Shell } from '@/components/shell/shell'
import { requestContext } from '@/server/console/prefetch'
import { version } from '@/server/version'

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { operator } = await requestContext()
  if (!operator) redirect(`/sign-in?next=${encodeURIComponent((await headers()).get('x-engram-path') ?? '/')}`)
  const { id, name, email, role } = operator
  return (
    <Shell operator={{ id, name, email, role }} timezone={await loadTimezone()} version={version}>
      {children}
    </Shell>
  )
}
