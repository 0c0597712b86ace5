'use client'

import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { MissingCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { fullStamp } from '@/components/format/instant'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CodeBlock } from '@/components/ui/code-block'
import { CopyButton } from '@/components/ui/copy-button'
import { Facts } from '@/components/vectors/facts'
import type { ErasureOf, ErasuresReport } from '@/server/services/tenants/erasures'
import type { ErasureReceipt } from '@/server/services/tenants/tenants.schema'
import { policies, prepareReceipt, type ReceiptLine, totalOf } from './erasure-families'
import { ErasureState } from './erasures-panel'
import { verifyLines } from './verify-lines'

type Props = { erasure: ErasureOf; receipt: ErasureReceipt; keys: ErasuresReport['keys']; scope: { timezone: string } }

/** What went, what is left, who asked, and the signature over it. */
export function ReceiptPanel({ erasure, receipt, keys, scope: { timezone } }: Props) {
  const [opened, setOpened] = useState(false)
  const text = JSON.stringify(receipt, null, 2)
  return (
    <Panel
      title={`Receipt of ${receipt.tenant}`}
      note="signed"
      source={{
        stores: ['redis', 'postgres'],
        from: 'SCAN of every family; DELETE and DROP in one transaction; both counted again',
        asOf: receipt.erasedAt,
        precision: 'exact',
        detail: 'Found: before anything went. Left: after it was over, in both memories.',
      }}
      actions={<ErasureState erasure={erasure} />}
      state={{ status: 'ready' }}
    >
      <div className="grid items-start xl:grid-cols-[minmax(0,1fr)_340px]">
        <DataTable
          label={`Receipt of ${receipt.tenant}`}
          columns={columns}
          rows={prepareReceipt(receipt)}
          rowKey={({ name }) => name}
          alreadySorted
        />
        <div className="h-full border-line xl:border-l">
          <Facts rows={factsOf(receipt, timezone)} />
          <SignatureCheck text={text} />
        </div>
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-3.5 py-3">
        <Button size="md" variant="ghost" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          How to check it elsewhere
        </Button>
        <CopyButton text={text} label="Copy the receipt" />
        <Button size="md" variant="primary" onClick={() => download(`erasure-${receipt.tenant}.json`, text)}>
          <Download aria-hidden />
          Download JSON
        </Button>
      </div>
      {opened && (
        <div className="grid gap-2 border-t border-line px-3.5 py-3">
          <p className="text-muted">
            The signature is Ed25519 over the receipt without it, as JSON without spaces and with its keys in order. The
            public key is also at <code>GET /erasure-keys</code> of the gateway, for everybody.
          </p>
          <CodeBlock code={keys.find(({ id }) => id === receipt.signature.keyId)?.publicKey ?? ''} />
          <CodeBlock code={verifyLines(receipt.tenant)} />
        </div>
      )}
    </Panel>
  )
}

/** Asks the server whether what is shown is what was signed. */
function SignatureCheck({ text }: { text: string }) {
  const { data, error } = useQuery(
    useTRPC().tenants.checkReceipt.queryOptions({ text }, { staleTime: Infinity, trpc: { context: { byPost: true } } }),
  )
  return (
    <p role="status" className="border-t border-line px-3.5 py-2 text-sm">
      {error && <span className="text-bad">The signature could not be checked: {error.message}</span>}
      {data?.valid === true && (
        <span className="text-ok-ink">The signature fits: this is what was signed with the key {data.keyId}.</span>
      )}
      {data?.valid === false && <span className="text-bad">{data.why}</span>}
      {!data && !error && <span className="text-muted">Checking the signature …</span>}
    </p>
  )
}

/** Zeros step back, so that what went stands out. */
const Amount = ({ value }: { value: number | null }) =>
  value === null ? (
    <MissingCell why="this family has no part in this memory" />
  ) : (
    <span className={value === 0 ? 'text-faint' : undefined}>{count(value)}</span>
  )

const columns: DataColumn<ReceiptLine>[] = [
  { key: 'family', header: 'Family', cell: ({ name, parts }) => <span title={parts}>{name}</span> },
  { key: 'found', header: 'Found', numeric: true, cell: ({ found }) => <Amount value={found} /> },
  { key: 'redis', header: 'Erased in Redis', numeric: true, cell: ({ redis }) => <Amount value={redis} /> },
  { key: 'postgres', header: 'in Postgres', numeric: true, cell: ({ postgres }) => <Amount value={postgres} /> },
  { key: 'kept', header: 'Kept', numeric: true, cell: ({ kept }) => <Amount value={kept} /> },
  {
    key: 'left',
    header: 'Left',
    hint: 'Counted again after the end; what was kept under the name of the tenant is among it',
    numeric: true,
    cell: ({ remaining, kept }) => (
      <span className={remaining > kept ? 'text-bad' : 'font-medium'}>{count(remaining)}</span>
    ),
  },
]

const factsOf = (receipt: ErasureReceipt, timezone: string) => [
  { name: 'Asked for by', value: `${receipt.requestedBy}, ${fullStamp(receipt.requestedAt, timezone)}` },
  {
    name: 'Over',
    value: `${fullStamp(receipt.erasedAt, timezone)}${receipt.attempts > 1 ? `, at attempt ${receipt.attempts}` : ''}`,
    hint: receipt.attempts > 1 ? 'A process was killed on the way, and another went on' : undefined,
  },
  { name: 'Erased', value: `${count(totalOf(receipt))} keys and rows` },
  { name: 'Usage', value: policies.find(({ value }) => value === receipt.usage)?.past ?? receipt.usage },
  { name: 'Signed with', value: `${receipt.signature.algorithm}, key ${receipt.signature.keyId}` },
]

function download(file: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  Object.assign(link, { href: url, download: file }).click()
  URL.revokeObjectURL(url)
}
