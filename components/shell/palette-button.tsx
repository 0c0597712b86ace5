'use client'

import { Search } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { usePalette } from './palette'

export function PaletteButton() {
  const { show } = usePalette()
  return (
    <Button size="md" aria-label="Search or jump to" className="px-2.5 text-faint" onClick={() => show('palette')}>
      <Search aria-hidden className="lg:hidden" />
      <span className="max-lg:hidden">Search or jump to</span>
      <span className="max-lg:hidden">
        <Kbd>Ctrl K</Kbd>
      </span>
    </Button>
  )
}
