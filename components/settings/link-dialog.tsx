'use client'

import { clockTime } from '@/components/format/instant'
import { useTimezone } from '@/components/shell/timezone'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { Dialog, DialogContent } from '@/components/ui/dialog'

/** A one-time link to hand over; it is shown this once. */
export function LinkDialog({
  name,
  link,
  expiresAt,
  onClose,
}: {
  name: string
  link: string
  expiresAt: string
  onClose: () => void
}) {
  const timezone = useTimezone()
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={`Sign-in link for ${name}`}
        description={`Works once, until ${clockTime(expiresAt, timezone)}. Hand it over yourself: no mail is sent.`}
      >
        <div className="px-3.5 pt-1 pb-3.5">
          <CodeBlock code={link} label="Copy the link" />
        </div>
        <CardFooter>
          <Button size="md" variant="primary" onClick={onClose}>
            Done
          </Button>
        </CardFooter>
      </DialogContent>
    </Dialog>
  )
}
