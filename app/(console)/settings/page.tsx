import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { Link } from '@/components/ui/link'
import { ChannelsPanel } from '@/components/settings/channels-panel'
import { KeysPanel } from '@/components/settings/keys-panel'
import { OperatorsPanel } from '@/components/settings/operators-panel'
import { PasswordPanel } from '@/components/settings/password-panel'
import { RetentionPanel } from '@/components/settings/retention-panel'
import { WebhooksSection } from '@/components/settings/webhooks-section'
import { Page } from '@/components/shell/page'
import { connectHref } from '@/components/shell/topics'
import { Button } from '@/components/ui/button'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage() {
  prefetch(trpc.settings.keys.list.queryOptions())
  prefetch(trpc.settings.operators.list.queryOptions())
  prefetch(trpc.settings.channels.list.queryOptions())
  prefetch(trpc.settings.retention.read.queryOptions())
  return (
    <Page
      title="Settings"
      scoped={false}
      actions={
        <Button asChild size="md" variant="primary">
          <Link href={connectHref}>Connect an application</Link>
        </Button>
      }
    >
      <HydrationBoundary state={await prefetched()}>
        <KeysPanel />
        <OperatorsPanel />
        <ChannelsPanel />
        <WebhooksSection />
        <RetentionPanel />
        <PasswordPanel />
      </HydrationBoundary>
    </Page>
  )
}
