import { count, countText } from '@/components/format/count'
import { Bar } from '@/components/ui/bar'
import { Button } from '@/components/ui/button'
import type { Walk } from './use-walk'

/** How much of the keys a walk has looked at, and what makes it go on. */
export function WalkCoverage({ walk, found }: { walk: Walk; found: number }) {
  const { looked, total, complete, going, full, most } = walk
  return (
    <div className="grid gap-2 border-t border-line px-3.5 py-2 text-sm">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3" role="status">
        <span>
          <b className="font-medium">{count(found)}</b> found
        </span>
        <span className="text-muted">
          {complete
            ? `all ${count(total)} keys looked at`
            : `about ${countText(looked)} of about ${countText(total)} keys looked at`}
        </span>
      </p>
      {!complete && (
        <div className="flex flex-wrap items-center gap-2">
          <div className="min-w-24 flex-1">
            <Bar share={total === 0 ? 1 : looked / total} memory="redis" label="Share of the keys looked at" />
          </div>
          {full ? (
            <span className="text-muted">{count(most)} are the most kept here: narrow what is looked for.</span>
          ) : going ? (
            <Button onClick={walk.stop}>Stop</Button>
          ) : (
            <>
              <Button pending={walk.isFetching} onClick={walk.goOn}>
                Go on
              </Button>
              <Button variant="ghost" onClick={walk.goToTheEnd}>
                To the end
              </Button>
            </>
          )}
        </div>
      )}
    </div>
  )
}
