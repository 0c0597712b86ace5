'use client'

import { useMutation } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPCClient } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'

/** Saves the prompt with its whole history as a file, which an import takes. */
export function ExportButton({ name }: { name: string }) {
  const client = useTRPCClient()
  const exported = useMutation({
    mutationFn: () => client.prompts.export.query({ name }),
    onSuccess: (document) =>
      download(`${name.replaceAll(/[^\w.-]+/g, '-')}.engram.json`, JSON.stringify(document, null, 2)),
    onError: (error) => toast.failed('Could not export', { detail: error.message }),
  })
  return (
    <Button pending={exported.isPending} onClick={() => exported.mutate()}>
      Export
    </Button>
  )
}

function download(file: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  Object.assign(link, { href: url, download: file }).click()
  URL.revokeObjectURL(url)
}
