import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { OverrideDraft } from './override-draft'
import { classLabels, type TokenClass, tokenClasses } from './rate-text'

/** US dollars per million tokens, as decimals, and what few models have beside them. */
export function PriceFields({
  draft,
  onChange,
  errorAt,
}: {
  draft: OverrideDraft
  onChange: (change: Partial<OverrideDraft>) => void
  errorAt: (field: string) => string | undefined
}) {
  const amount = (label: string, value: string, onValue: (value: string) => void, error?: string, placeholder = '') => (
    <Field key={label} label={label} error={error}>
      <Input
        value={value}
        onChange={({ target }) => onValue(target.value)}
        inputMode="decimal"
        placeholder={placeholder}
        className="tabular-nums"
      />
    </Field>
  )
  const optional = (of: TokenClass) => (of === 'cacheRead' || of === 'cacheWrite' ? 'as input' : '')
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1 text-sm text-muted">US dollars per million tokens</legend>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {tokenClasses.map((of) =>
          amount(
            classLabels[of],
            draft[of],
            (value) => onChange({ [of]: value }),
            errorAt(`rates.${of}`),
            optional(of),
          ),
        )}
      </div>
      <details open={draft.above !== '' || draft.request !== ''}>
        <summary className="cursor-pointer text-sm text-muted">Long requests, fee per request</summary>
        <div className="grid gap-3 pt-2">
          <div className="grid grid-cols-2 gap-3">
            {amount(
              'Other prices above (input tokens)',
              draft.above,
              (above) => onChange({ above }),
              errorAt('rates.tiers.0.above') ?? errorAt('rates.tiers'),
              '200000',
            )}
            {amount(
              'Fee per 1,000 requests',
              draft.request,
              (request) => onChange({ request }),
              errorAt('rates.request'),
            )}
          </div>
          {draft.above !== '' && (
            <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
              {tokenClasses.map((of) =>
                amount(
                  `${classLabels[of]} above`,
                  draft.long[of],
                  (value) => onChange({ long: { ...draft.long, [of]: value } }),
                  errorAt(`rates.tiers.0.${of}`),
                  'the same',
                ),
              )}
            </div>
          )}
        </div>
      </details>
    </fieldset>
  )
}
