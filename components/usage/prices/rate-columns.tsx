import { MissingCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { classLabels, type Rates, rateText, type TokenClass, tokenClasses } from './rate-text'

const none: Record<TokenClass, string> = {
  input: 'none published',
  output: 'none published',
  cacheRead: 'none: billed as input',
  cacheWrite: 'none: billed as input',
}

/** The four rates of a row, in US dollars per million tokens. */
export const rateColumns = <Row,>(ratesOf: (row: Row) => Rates | null): DataColumn<Row>[] =>
  tokenClasses.map((of) => ({
    key: of,
    header: classLabels[of],
    hint: 'US dollars per million tokens',
    numeric: true,
    cell: (row) => {
      const rates = ratesOf(row)
      if (!rates) return <MissingCell why="no price is known" />
      const [base, ...above] = rateText(rates, of)?.split(' · ') ?? []
      if (base === undefined) return <MissingCell why={none[of]} />
      return (
        <>
          {base}
          {above.map((tier) => (
            <span key={tier} className="block text-sm text-muted">
              {tier}
            </span>
          ))}
        </>
      )
    },
    wideOnly: of === 'cacheRead' || of === 'cacheWrite',
  }))
