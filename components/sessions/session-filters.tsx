'use client'

import { X } from 'lucide-react'
import { useCallback } from 'react'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/select'
import { TextFilter } from '@/components/ui/text-filter'
import { useSessions } from './sessions-params'

const HOUR = 3_600
/** No namespace has such a name. */
const ANY = '*'

const ages = [
  { value: '0', label: 'Any age' },
  { value: String(HOUR), label: '1 h or older' },
  { value: String(8 * HOUR), label: '8 h or older' },
  { value: String(24 * HOUR), label: '1 day or older' },
  { value: String(7 * 24 * HOUR), label: '7 days or older' },
]
const idles = [
  { value: '0', label: 'Busy or idle' },
  { value: '60', label: 'Idle for 1 min' },
  { value: '600', label: 'Idle for 10 min' },
  { value: String(HOUR), label: 'Idle for 1 h' },
  { value: String(24 * HOUR), label: 'Idle for 1 day' },
]
const sizes = [
  { value: '0', label: 'Any size' },
  { value: '10000', label: '10 kB or more' },
  { value: '100000', label: '100 kB or more' },
  { value: '1000000', label: '1 MB or more' },
]

/** What the list is narrowed down to; kept in the address. The tenant is chosen at the top of the page. */
export function SessionFilters({ namespaces }: { namespaces: readonly { name: string }[] }) {
  const { params, setParams, filtered } = useSessions()
  const setUser = useCallback((user: string | null) => void setParams({ user }, { history: 'replace' }), [setParams])
  const setPrompt = useCallback(
    (prompt: string | null) => void setParams({ prompt }, { history: 'replace' }),
    [setParams],
  )
  const choose = (key: 'age' | 'idle' | 'size', options: typeof ages, label: string) => {
    const value = String(params[key] ?? 0)
    const known = options.some((option) => option.value === value)
    return (
      <Select
        label={label}
        value={value}
        onValueChange={(next) => void setParams({ [key]: next === '0' ? null : Number(next) })}
        // An address may say anything: what it says stays a choice.
        options={known ? options : [...options, { value, label: `${label}: ${value}` }]}
      />
    )
  }
  return (
    <div role="search" aria-label="Sessions" className="flex flex-wrap items-center gap-2">
      {(namespaces.length > 0 || params.within) && (
        <Select
          label="Namespace"
          value={params.within ?? ANY}
          onValueChange={(next) => void setParams({ within: next === ANY ? null : next })}
          options={[
            { value: ANY, label: 'Any namespace' },
            ...[...new Set([...namespaces.map(({ name }) => name), ...(params.within ? [params.within] : [])])].map(
              (value) => ({ value, label: `${value}:` }),
            ),
          ]}
        />
      )}
      <TextFilter label="User" placeholder="User" value={params.user} onChange={setUser} />
      <TextFilter
        label="Prompt version"
        placeholder="Prompt, as support-reply@7"
        value={params.prompt}
        onChange={setPrompt}
      />
      {choose('idle', idles, 'Idle')}
      {choose('age', ages, 'Age')}
      {choose('size', sizes, 'Size')}
      {filtered && (
        <Button
          variant="ghost"
          onClick={() =>
            void setParams({ within: null, tenant: null, user: null, prompt: null, age: null, idle: null, size: null })
          }
        >
          <X aria-hidden />
          Remove all filters
        </Button>
      )}
    </div>
  )
}
