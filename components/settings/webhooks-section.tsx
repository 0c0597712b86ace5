'use client'

import { useOperator } from '@/components/shell/operator'
import { Card, CardHeader } from '@/components/ui/card'
import { NotAllowed } from './not-allowed'
import { WebhooksPanel } from './webhooks-panel'

/** The webhooks for admins; for everybody else, who can see them: an address can be a secret in itself. */
export function WebhooksSection() {
  if (useOperator().role === 'admin') return <WebhooksPanel />
  return (
    <Card aria-label="Webhooks">
      <CardHeader title="Webhooks" />
      <NotAllowed to="see and change webhooks" />
    </Card>
  )
}
