'use client'

import { TriangleAlert } from 'lucide-react'
import { Page } from '@/components/shell/page'
import { Button } from '@/components/ui/button'

/** What no panel caught. The text of the error stays in the log: here it could show what is not for everybody. */
export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Page title="Something went wrong" scoped={false}>
      <div role="alert" className="grid justify-items-center gap-2 py-16 text-center">
        <TriangleAlert aria-hidden className="size-5 text-bad" />
        <p className="font-medium">This page could not be drawn.</p>
        {error.digest && <p className="text-muted">The log of the console has it under {error.digest}.</p>}
        <Button onClick={reset}>Try again</Button>
      </div>
    </Page>
  )
}
