'use client'

import { Menu } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Sheet, SheetContent, SheetTrigger } from '@/components/ui/sheet'
import { LiveState } from './live-state'
import { PaletteButton } from './palette-button'
import { RangePicker } from './range-picker'
import { Sidebar } from './sidebar'
import { SimulatedChip } from './simulated-chip'
import { TenantPicker } from './tenant-picker'

export function Header({
  title,
  aside,
  actions,
  scoped,
}: {
  title: ReactNode
  aside?: ReactNode
  actions?: ReactNode
  scoped: boolean
}) {
  return (
    <header className="sticky top-0 z-20 flex flex-wrap items-center gap-x-2 gap-y-2 border-b border-line bg-bg px-4 py-3 md:px-6">
      <MobileNavigation />
      <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight">{title}</h1>
      {aside}
      <div className="ml-auto flex items-center gap-3 pr-1">
        <SimulatedChip />
        {scoped && <LiveState />}
      </div>
      <div className={cn('flex flex-wrap items-center gap-2', (scoped || actions) && 'max-md:w-full')}>
        {scoped && <TenantPicker />}
        {scoped && <RangePicker />}
        {actions}
        <PaletteButton />
      </div>
    </header>
  )
}

function MobileNavigation() {
  const [open, setOpen] = useState(false)
  return (
    <Sheet open={open} onOpenChange={setOpen}>
      <SheetTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Open the navigation" className="-ml-2 md:hidden">
          <Menu aria-hidden />
        </Button>
      </SheetTrigger>
      <SheetContent title="Navigation">
        <Sidebar onMove={() => setOpen(false)} />
      </SheetContent>
    </Sheet>
  )
}
