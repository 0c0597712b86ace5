import { useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { ReEmbeddingReport } from '@/server/services/vectors/re-embedding/re-embedding-of'
import type { Change } from './re-embedding-words'
import { useReEmbedding } from './use-re-embedding'

type Props = { tenant: string; report: ReEmbeddingReport; change: Change }

/** Pause, resume and cancel while it is made; switch, go back and drop once it is whole. */
export function ReEmbeddingActions({ tenant, report: { active, other, otherWork }, change }: Props) {
  const { pause, resume, switchTo } = useReEmbedding(tenant)
  const [asking, setAsking] = useState<'switch' | 'drop' | null>(null)
  const { step, toModel } = change
  if (!other || step === 'dropping') return null
  const back = active.model === toModel
  const close = () => setAsking(null)
  return (
    <CardFooter className="flex-wrap items-center">
      <Button size="md" variant={back ? 'danger' : undefined} onClick={() => setAsking('drop')}>
        {back ? `Drop the vectors of ${other.model}` : 'Cancel the change'}
      </Button>
      {(step === 'running' || step === 'waiting') && (
        <Button size="md" pending={pause.isPending} onClick={() => pause.mutate({ tenant })}>
          Pause
        </Button>
      )}
      {step === 'standing' && !otherWork && (
        <Button size="md" variant="primary" pending={resume.isPending} onClick={() => resume.mutate({ tenant })}>
          Resume
        </Button>
      )}
      {step === 'whole' && (
        <Button
          size="md"
          variant={back ? undefined : 'primary'}
          pending={switchTo.isPending}
          onClick={() => setAsking('switch')}
        >
          {back ? `Go back to ${other.model}` : `Switch to ${other.model}`}
        </Button>
      )}
      {asking === 'switch' && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && close()}
          title={`Search ${tenant} by ${other.model}?`}
          description={`From this moment items and searches of ${active.model} are refused, and those of ${other.model} are taken. Applications must embed by it. You can go back as long as the other vectors are not dropped.`}
          confirmLabel={back ? 'Go back' : 'Switch'}
          pending={switchTo.isPending}
          onConfirm={() => switchTo.mutate({ tenant, model: other.model }, { onSettled: close })}
        />
      )}
      {asking === 'drop' && (
        <DropDialog tenant={tenant} model={other.model} active={active.model} {...{ back, close }} />
      )}
    </CardFooter>
  )
}

type DropProps = { tenant: string; model: string; active: string | null; back: boolean; close: () => void }

function DropDialog({ tenant, model, active, back, close }: DropProps) {
  const { drop } = useReEmbedding(tenant)
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && close()}
      title={back ? `Drop the vectors of ${model}?` : 'Cancel the change of the model?'}
      description={
        back
          ? `There is no way back to ${model} then but embedding every item again. ${tenant} stays searched by ${active}.`
          : `The vectors of ${model} that were made so far are dropped with their index; what they cost is spent. Searches by ${active} stay as they are.`
      }
      confirmLabel={back ? 'Drop them' : 'Cancel the change'}
      typed={back ? tenant : undefined}
      danger
      pending={drop.isPending}
      error={drop.error?.message}
      onConfirm={() =>
        drop.mutate(
          { tenant, model },
          {
            onSuccess: () => {
              toast.done(`The vectors of ${model} are being dropped`)
              close()
            },
          },
        )
      }
    />
  )
}
