// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- the one place that wraps it
import NextLink from 'next/link'
import type { ComponentProps } from 'react'

/**
 * A link within the console. What it leads to is read when it is pressed: a page's figures would be old by then, and
 * fetching every page that each page links to asked the console fifty times per page.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />
}
