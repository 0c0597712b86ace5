import { backoffMs, pause } from './backoff.js'
import { isUnavailable } from './errors.js'
import { invalidate, type Known, type KnownPrompts } from './known-prompts.js'
import type { Moved } from './link.js'
import type { Served } from './served.js'
import type { StreamListener } from './stream.js'
import type { Vouching } from './vouching.js'

const RETRY = { firstMs: 50, mostMs: 5_000 }

type Options = {
  prompts: KnownPrompts
  vouch: Vouching
  fetchPrompt: (known: Known) => Promise<Served>
  /** This process serves at least that revision from now on. */
  confirm: (served: Moved) => void
}

/** What is done about the stream: copies are dropped, what this process uses is fetched anew, and that is confirmed. */
export function keepCurrent({ prompts, vouch, fetchPrompt, confirm }: Options): StreamListener {
  let warming = 0

  /** Until the gateway answered a request that began after the invalidation; so what it answered is not older. */
  const refresh = async (known: Known, moved: Moved) => {
    const { generation } = known
    for (let attempt = 0; prompts.has(known) && generation === known.generation; attempt++) {
      const revision = await fetchPrompt(known).then(
        (served) => served.revision,
        (error) => (isUnavailable(error) ? null : moved.revision), // gone, or not for this key: nothing older is served
      )
      if (revision !== null) return confirm({ ...moved, revision })
      await pause(backoffMs(attempt, RETRY))
    }
    if (!prompts.has(known)) confirm(moved) // forgotten meanwhile: there is nothing older left to serve
  }

  /** After a gap: what this process uses is fetched one by one, so that the next read finds a copy. */
  const warm = async () => {
    const turn = ++warming
    for (const known of prompts.all()) {
      if (turn !== warming) return
      known.failure = null
      const served = await fetchPrompt(known).catch(() => null) // the next read asks again
      if (served) confirm({ name: known.name, channel: known.channel, revision: served.revision })
    }
  }

  return {
    proven(at) {
      if (vouch.prove(at)) void warm()
    },
    moved(moved) {
      const known = prompts.find(moved.channel, moved.name)
      if (!known) return confirm(moved)
      if (known.copy && known.copy.revision >= moved.revision) return confirm(moved)
      invalidate(known, performance.now())
      void refresh(known, moved)
    },
    lost() {
      warming++
      for (const known of prompts.all()) invalidate(known, vouch.provenAt())
      vouch.lose()
    },
  }
}
