import { deleteSdkProcesses, type SdkProcess, upsertSdkProcesses } from '@/db/postgres/queries/processes'
import type { Stores } from '@/server/services/context'

const SEEN_EVERY_MS = 5_000

/**
 * The SDKs that have a stream open here, as processes that serve prompts. Those that came or went are written with the next
 * `flush`, and all of them every five seconds: one statement for all.
 */
export function sdkProcesses({ db }: Pick<Stores, 'db'>, gateway: string) {
  const open = new Map<string, { sdk: SdkProcess; streams: number }>()
  const came = new Set<string>()
  const gone = new Set<string>()
  let seenAt = performance.now()

  const flush = async () => {
    const due = performance.now() - seenAt >= SEEN_EVERY_MS
    const seen = due ? [...open.keys()] : [...came]
    const left = [...gone]
    if (seen.length + left.length === 0) return
    await upsertSdkProcesses(
      db,
      gateway,
      seen.flatMap((id) => open.get(id)?.sdk ?? []),
    )
    for (const id of seen) came.delete(id)
    if (due) seenAt = performance.now()
    await deleteSdkProcesses(
      db,
      gateway,
      left.filter((id) => !open.has(id)),
    )
    for (const id of left) gone.delete(id)
  }

  return {
    /** A stream of that process was opened; what it answers is to be called at its end. */
    opened(sdk: SdkProcess): () => void {
      const known = open.get(sdk.id)
      // An id that another key uses already stays with that key.
      if (known && known.sdk.keyId !== sdk.keyId) return () => {}
      const entry = { sdk, streams: (known?.streams ?? 0) + 1 }
      open.set(sdk.id, entry)
      came.add(sdk.id)
      gone.delete(sdk.id)
      return () => {
        const now = open.get(sdk.id)
        if (!now || --now.streams > 0) return
        open.delete(sdk.id)
        gone.add(sdk.id)
      }
    },
    flush,
  }
}

export type SdkProcesses = ReturnType<typeof sdkProcesses>
