import type { ListedOverride } from '@/server/services/usage/prices/list-prices'

export type ModelName = { provider: string; model: string }
/** What a re-pricing begins with; instants are ISO, null models and no tenants mean all. */
export type RepriceDraft = { tenants: string[]; models: ModelName[] | null; from: string; to: string; reason: string }
export type OverrideStart = Partial<ModelName> & {
  tenant: string | null
  from: string
  replaces?: ListedOverride
  /** What shall be re-priced once the price is entered. */
  waiting?: RepriceDraft
}
export type AliasStart = Partial<ModelName> & { tenant: string | null; waiting?: RepriceDraft }

/** The dialog of the Prices page that is open. */
export type Opened =
  | { kind: 'override'; start: OverrideStart }
  | { kind: 'alias'; start: AliasStart }
  | { kind: 'reprice'; draft: RepriceDraft }
  | { kind: 'correction'; id: string }
  | { kind: 'end'; entry: 'override' | 'alias'; id: number; name: string }
export type Open = (opened: Opened) => void
