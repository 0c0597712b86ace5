'use client'

import { Download, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { count } from '@/components/format/count'
import { Button } from '@/components/ui/button'

type Progress = { rows: number; total: number | null }

/** Saves what is on screen as CSV: rows are counted as they come, and the rest can be called off. */
export function CsvButton({ href }: { href: string }) {
  const [progress, setProgress] = useState<Progress | null>(null)
  const abort = useRef<AbortController | null>(null)
  const start = async () => {
    const { signal } = (abort.current = new AbortController())
    setProgress({ rows: 0, total: null })
    try {
      const { name, parts, rows } = await download(href, signal, setProgress)
      save(name, parts)
      toast.done(`Saved ${count(rows)} ${rows === 1 ? 'row' : 'rows'} as ${name}`)
    } catch (error) {
      if (signal.aborted) toast.note('The CSV was called off. Nothing was saved.')
      else toast.failed('The CSV could not be read.', { detail: error instanceof Error ? error.message : undefined })
    } finally {
      setProgress(null)
    }
  }
  if (!progress)
    return (
      <Button onClick={() => void start()}>
        <Download aria-hidden />
        CSV
      </Button>
    )
  return (
    <span className="inline-flex items-center gap-2" role="status">
      <span className="text-muted tabular-nums">
        {count(progress.rows)}
        {progress.total !== null && ` of ${count(progress.total)}`} rows
      </span>
      <Button onClick={() => abort.current?.abort()}>
        <X aria-hidden />
        Cancel
      </Button>
    </span>
  )
}

const NEW_LINE = 10

async function download(href: string, signal: AbortSignal, onProgress: (progress: Progress) => void) {
  const reply = await fetch(href, { signal })
  if (!reply.ok || !reply.body) throw new Error(await reply.text())
  const name = /filename="([^"]+)"/.exec(reply.headers.get('content-disposition') ?? '')?.[1] ?? 'usage.csv'
  const told = reply.headers.get('x-engram-rows')
  const total = told === null ? null : Number(told)
  const parts: BlobPart[] = []
  // The header is a line too. A line break within a quoted name counts: this is progress, not accounting.
  let lines = -1
  const reader = reply.body.getReader()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    parts.push(new Uint8Array(chunk.value))
    for (const byte of chunk.value) if (byte === NEW_LINE) lines++
    onProgress({ rows: Math.max(0, lines), total })
  }
  return { name, parts, rows: Math.max(0, lines) }
}

function save(name: string, parts: BlobPart[]) {
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
