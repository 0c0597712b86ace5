'use client'

import { Link } from './link'
import { usePathname } from 'next/navigation'
import { cn } from './cn'

/** Links to the views of one topic; the one that is open stands out. */
export function ViewTabs({
  label,
  views,
  linkTo,
}: {
  label: string
  views: readonly { href: string; label: string }[]
  /** The address of a view, with what is kept from this one. */
  linkTo: (href: string) => string
}) {
  const path = usePathname()
  return (
    <nav
      aria-label={label}
      className="inline-flex max-w-full justify-self-start overflow-x-auto rounded-md border border-line bg-sunken p-0.5"
    >
      {views.map(({ href, label }) => (
        <Link
          key={href}
          href={linkTo(href)}
          aria-current={path === href ? 'page' : undefined}
          className={cn(
            'rounded-sm px-2.5 leading-5.5 whitespace-nowrap text-muted hover:text-text',
            'aria-[current=page]:bg-panel aria-[current=page]:text-text aria-[current=page]:shadow-panel dark:aria-[current=page]:bg-line',
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
