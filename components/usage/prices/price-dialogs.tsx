'use client'

import { Dialog, DialogContent } from '@/components/ui/dialog'
import { AliasDialog } from './alias-dialog'
import { CorrectionView } from './correction-view'
import { EndDialog } from './end-dialog'
import type { Opened, RepriceDraft } from './opened'
import { OverrideDialog } from './override-dialog'
import { RepriceDialog } from './reprice-dialog'

/** The dialog that is open; a price entered for what waits leads on to its re-pricing. */
export function PriceDialogs({ opened, onOpen }: { opened: Opened; onOpen: (opened: Opened | null) => void }) {
  const close = () => onOpen(null)
  const goOn = (waiting?: RepriceDraft) => onOpen(waiting ? { kind: 'reprice', draft: waiting } : null)
  switch (opened.kind) {
    case 'override':
      return <OverrideDialog start={opened.start} onDone={goOn} onClose={close} />
    case 'alias':
      return <AliasDialog start={opened.start} onDone={goOn} onClose={close} />
    case 'reprice':
      return <RepriceDialog draft={opened.draft} onClose={close} />
    case 'end':
      return <EndDialog {...opened} onClose={close} />
    case 'correction':
      return (
        <Dialog open onOpenChange={(open) => !open && close()}>
          <DialogContent title="Correction" className="max-w-3xl">
            <CorrectionView id={opened.id} onClose={close} />
          </DialogContent>
        </Dialog>
      )
  }
}
