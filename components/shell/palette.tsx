'use client'

import { createContext, use, useMemo, useState, type ReactNode } from 'react'

interface Palette {
  open: 'palette' | 'help' | null
  show: (what: 'palette' | 'help' | null) => void
}

const Context = createContext<Palette>({ open: null, show: () => {} })

/** Which of the two overlays is open: the command palette or the help. */
export const usePalette = () => use(Context)

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [open, show] = useState<Palette['open']>(null)
  const value = useMemo(() => ({ open, show }), [open])
  return <Context value={value}>{children}</Context>
}
