import { clsx, type ClassValue } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

// Our own font size must be known, or `text-figure` would be merged away as if it were a colour.
const merge = extendTailwindMerge({ extend: { theme: { text: ['figure'] } } })

/** Joins class names; a later one wins over an earlier one that sets the same thing. */
export const cn = (...classes: ClassValue[]) => merge(clsx(classes))
