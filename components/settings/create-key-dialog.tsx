'use client'

import { useState } from 'react'
import { CardFooter } from '@/components/ui/card'
import { Button } from '@/components/ui/button'
import { CodeBlock } from '@/components/ui/code-block'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { CreateKeyForm, type CreatedKey } from './create-key-form'

export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const [created, setCreated] = useState<CreatedKey | null>(null)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      {created ? (
        <DialogContent
          title={`${created.name} is ready`}
          description="Copy the key now: only its hash is kept, so it cannot be shown again."
        >
          <div className="px-3.5 pt-1 pb-3.5">
            <CodeBlock code={created.key} label="Copy the key" />
          </div>
          <CardFooter>
            <Button size="md" variant="primary" onClick={onClose}>
              Done
            </Button>
          </CardFooter>
        </DialogContent>
      ) : (
        <DialogContent title="New key" description="An application shows it with every call to the gateway.">
          <CreateKeyForm submitLabel="Create key" onCreated={setCreated} />
        </DialogContent>
      )}
    </Dialog>
  )
}
