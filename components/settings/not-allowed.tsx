'use client'

import { useOperator } from '@/components/shell/operator'

/** Says why something is not offered, and who can do it. */
export function NotAllowed({ to }: { to: string }) {
  const { role } = useOperator()
  return (
    <p className="px-3.5 pb-3 text-muted">
      Only admins {to}; your role is {role}. Ask an admin, they are listed under Settings.
    </p>
  )
}
