import { Link } from '@/components/ui/link'
import { EmptyState } from '@/components/feedback/empty-state'
import { Page } from '@/components/shell/page'
import { Button } from '@/components/ui/button'

export default function NotFound() {
  return (
    <Page title="Not found" scoped={false}>
      <EmptyState
        title="There is nothing at this address."
        hint="It may have been renamed, or the link was cut short."
        action={
          <Button asChild>
            <Link href="/">To the Overview</Link>
          </Button>
        }
      />
    </Page>
  )
}
