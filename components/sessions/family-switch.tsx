import { Link } from '@/components/ui/link'
import { Select } from '@/components/ui/select'
import type { ListedConnection } from '@/server/services/redis-keys/connections'
import type { ListedFamily } from '@/server/services/sessions/foreign/list-foreign'
import { useSessions } from './sessions-params'

/** No family can be called so: a name is never empty, and never only a space. */
const OWN_VALUE = ' '
type Families = { data: ListedFamily[] | undefined; error: { message: string } | null }

/** Whose sessions the page shows, and in which Redis those of other software are looked for. */
export function FamilySwitch({ families, connections }: { families: Families; connections: ListedConnection[] }) {
  const { params, setParams } = useSessions()
  const { family, connection } = params
  const listed = families.data ?? []
  if (family === null && listed.length === 0)
    return (
      <p className="text-sm text-muted">
        {families.error ? (
          `Whether other software keeps sessions is not known: ${families.error.message}`
        ) : (
          <>
            Sessions of other software (connect-redis, Spring, Django, …) appear here once{' '}
            <Link href="/cache" className="underline">
              their family is declared
            </Link>
            .
          </>
        )}
      </p>
    )
  const ofFamilies = listed.map(({ name }) => ({ value: name, label: name }))
  const known = family === null || listed.some(({ name }) => name === family)
  const redises = connections.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <div role="group" aria-label="Whose sessions" className="flex flex-wrap items-center gap-2">
      <Select
        label="Family"
        value={family ?? OWN_VALUE}
        onValueChange={(value) =>
          void setParams({ family: value === OWN_VALUE ? null : value, user: null, session: null })
        }
        options={[
          { value: OWN_VALUE, label: 'Sessions in Engram' },
          ...ofFamilies,
          ...(known ? [] : [{ value: family, label: `${family}: not declared` }]),
        ]}
      />
      {family !== null && (
        <Select
          label="Redis"
          value={connection}
          onValueChange={(value) => void setParams({ connection: value, session: null })}
          options={
            redises.some(({ value }) => value === connection)
              ? redises
              : [...redises, { value: connection, label: 'no such connection' }]
          }
        />
      )}
    </div>
  )
}
