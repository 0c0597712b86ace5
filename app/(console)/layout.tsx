import type { ReactNode } from 'react'
import { loadTimezone } from '@/components/shell/load-scope'
import { Shell } from '@/components/shell/shell'
import { signedInOperator } from '@/server/console/prefetch'
import { version } from '@/server/version'

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { id, name, email, role } = await signedInOperator()
  return (
    <Shell operator={{ id, name, email, role }} timezone={await loadTimezone()} version={version}>
      {children}
    </Shell>
  )
}
