import { useMemo } from 'react'
import { Panel, PanelBody } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { Button } from '@/components/ui/button'
import type { ListedConnection } from '@/server/services/redis-keys/connections'
import { KeyTree } from './key-tree'
import { KeysFilters } from './keys-filters'
import { useKeys } from './keys-params'
import { patternOfFolder, prepareTree } from './prepare-tree'
import type { Scan } from './use-scan'
import { WalkCoverage } from './walk-coverage'

/** What was found so far, and how much of it all was looked at. */
export function KeysPanel({
  scan,
  connections,
  selected,
  onOpen,
  onDelete,
  onAnew,
  pattern,
}: {
  scan: Scan
  connections: ListedConnection[]
  selected: string | null
  onOpen: (key: string) => void
  /** Asks about the keys of a pattern, base64url; null for who may not delete here. */
  onDelete: ((pattern: string) => void) | null
  onAnew: () => void
  /** The one that is shown. */
  pattern: string
}) {
  const { params } = useKeys()
  const { found, query, asOf } = scan
  const root = useMemo(
    () => prepareTree(found, { separator: params.sep, by: params.by }),
    [found, params.sep, params.by],
  )
  return (
    <Panel
      title="Keys"
      memory="redis"
      edge
      source={
        asOf
          ? {
              stores: ['redis'],
              from: 'SCAN COUNT 200, TYPE, DBSIZE',
              asOf,
              precision: scan.complete ? 'exact' : 'sampled',
              detail:
                'Read in steps of a quarter of a second, each name counted once. SCAN tells only about how many keys it looked at; keys that come and go meanwhile may be missing.',
            }
          : undefined
      }
      actions={
        <>
          {onDelete && params.q && (
            <Button variant="danger" onClick={() => onDelete(pattern)}>
              Delete all that match…
            </Button>
          )}
          <Button onClick={onAnew}>Scan anew</Button>
        </>
      }
      state={{ status: 'ready' }}
    >
      <KeysFilters connections={connections} open={onOpen} />
      <PanelBody state={panelState(query, 'the keys')} title="the keys" minHeight={256}>
        {found.length > 0 ? (
          <KeyTree
            key={params.by + params.sep}
            root={root}
            selected={selected}
            onSelect={onOpen}
            onDelete={onDelete && ((folder) => onDelete(patternOfFolder(folder)))}
          />
        ) : (
          query.data && (
            <p className="px-3.5 py-8 text-center text-muted">
              {scan.complete
                ? scan.total === 0
                  ? 'This Redis holds no key.'
                  : 'No key matches.'
                : 'None found so far.'}
            </p>
          )
        )}
      </PanelBody>
      {query.data && <WalkCoverage walk={scan} found={found.length} />}
    </Panel>
  )
}
