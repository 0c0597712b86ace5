import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Segmented } from '@/components/ui/segmented'
import { Select } from '@/components/ui/select'
import type { ListedConnection } from '@/server/services/redis-keys/connections'
import { keyTypes } from '@/server/services/redis-keys/redis-keys.schema'
import { keyOfText, patternOf, separators, useKeys } from './keys-params'
import { typeNames } from './key-words'

const ANY = 'any'

/** Which Redis, which names and types, and how they are put in order. `open` is told of an exact name. */
export function KeysFilters({ connections, open }: { connections: ListedConnection[]; open: (key: string) => void }) {
  const { params, setParams } = useKeys()
  const listed = connections.map(({ id, name }) => ({ value: id, label: name }))
  const known = listed.some(({ value }) => value === params.connection)
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 pt-1 pb-2.5">
      <Select
        label="Redis"
        value={params.connection}
        onValueChange={(connection) => void setParams({ connection, key: null })}
        options={known ? listed : [...listed, { value: params.connection, label: 'no such connection' }]}
      />
      {/* Anew where the address changes by itself. */}
      <Search key={params.q} open={open} />
      <Select
        label="Type"
        value={params.type ?? ANY}
        onValueChange={(value) => void setParams({ type: keyTypes.find((type) => type === value) ?? null })}
        options={[{ value: ANY, label: 'Any type' }, ...keyTypes.map((value) => ({ value, label: typeNames[value] }))]}
      />
      <Segmented
        label="In order"
        value={params.by}
        onValueChange={(by) => void setParams({ by })}
        options={[
          { value: 'name', label: 'By name' },
          { value: 'family', label: 'By family' },
        ]}
      />
      <Select
        label="Separator"
        value={params.sep}
        onValueChange={(value) => void setParams({ sep: separators.find((one) => one === value) ?? ':' })}
        options={separators.map((value) => ({ value, label: `split at ${value}` }))}
      />
    </div>
  )
}

function Search({ open }: { open: (key: string) => void }) {
  const { params, setParams } = useKeys()
  const [text, setText] = useState(params.q ?? '')
  const { tooLong } = patternOf(text)
  return (
    <form
      role="search"
      aria-label="Keys"
      className="flex min-w-0 flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (!tooLong) void setParams({ q: text || null })
      }}
    >
      <Input
        aria-label="Pattern or name"
        placeholder="Pattern, as session:*"
        title="* any bytes, ? one, [ab] one of them; a backslash before a character takes it as it is. As an exact name, \n and \x00 mean these bytes."
        value={text}
        onChange={({ target }) => setText(target.value)}
        aria-invalid={tooLong || undefined}
        className="w-60 max-w-full font-mono text-sm"
        autoComplete="off"
        spellCheck={false}
      />
      <Button type="submit" disabled={tooLong}>
        Search
      </Button>
      <Button disabled={text === ''} onClick={() => open(keyOfText(text))}>
        Open exactly this
      </Button>
      {tooLong && <span className="text-sm text-bad">A pattern has at most 1,024 bytes.</span>}
    </form>
  )
}
