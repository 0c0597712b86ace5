import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const variants = {
  outline: 'border-line-strong bg-panel text-text hover:bg-sunken',
  primary: 'border-text bg-text text-bg hover:opacity-90',
  ghost: 'border-transparent text-muted hover:bg-sunken hover:text-text',
  danger: 'border-bad bg-bad text-panel hover:opacity-90 dark:text-bg',
} as const

const sizes = {
  sm: 'h-6.5 px-2.5',
  md: 'h-7.5 px-3',
  icon: 'size-7.5 justify-center',
} as const

export type ButtonProps = ComponentProps<'button'> & {
  variant?: keyof typeof variants
  size?: keyof typeof sizes
  /** The work that this button started is still under way: it cannot be started twice. */
  pending?: boolean
  /** Render the only child (a link, say) with the button's looks. */
  asChild?: boolean
}

export function Button({
  variant = 'outline',
  size = 'sm',
  pending = false,
  asChild,
  className,
  children,
  disabled,
  ...props
}: ButtonProps) {
  const classes = cn(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border whitespace-nowrap transition-colors',
    'disabled:cursor-not-allowed disabled:opacity-60 [&_svg]:size-3.5 [&_svg]:shrink-0',
    variants[variant],
    sizes[size],
    className,
  )
  if (asChild)
    return (
      <Slot.Root className={classes} {...props}>
        {children}
      </Slot.Root>
    )
  return (
    <button
      type="button"
      className={classes}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      {...props}
    >
      {pending && <LoaderCircle aria-hidden className="animate-spin" />}
      {children}
    </button>
  )
}
