'use client'

import type { ReactNode } from 'react'
import { CommandPalette } from './command-palette'
import { Footer } from './footer'
import { HelpDialog } from './help-dialog'
import { OperatorProvider, type SignedIn } from './operator'
import { PaletteProvider } from './palette'
import { PulseProvider } from './pulse'
import { Shortcuts } from './shortcuts'
import { Sidebar } from './sidebar'
import { TimezoneProvider } from './timezone'
import { ConsoleTrpcProvider } from './trpc-provider'

/** What stands around every page: navigation, live state, palette, help and footer. */
export function Shell({
  operator,
  timezone,
  version,
  children,
}: {
  operator: SignedIn
  timezone: string
  version: string
  children: ReactNode
}) {
  return (
    <ConsoleTrpcProvider>
      <OperatorProvider operator={operator}>
        <TimezoneProvider initial={timezone}>
          <PulseProvider>
            <PaletteProvider>
              <SkipLink />
              <div className="grid min-h-dvh md:grid-cols-[208px_minmax(0,1fr)]">
                <aside className="sticky top-0 h-dvh border-r border-line max-md:hidden">
                  <Sidebar />
                </aside>
                <div className="flex min-w-0 flex-col">
                  {children}
                  <Footer version={version} />
                </div>
              </div>
              <CommandPalette />
              <HelpDialog />
              <Shortcuts />
            </PaletteProvider>
          </PulseProvider>
        </TimezoneProvider>
      </OperatorProvider>
    </ConsoleTrpcProvider>
  )
}

function SkipLink() {
  return (
    <a
      href="#content"
      className="sr-only z-50 rounded-md bg-panel px-3 py-1.5 shadow-lift focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
    >
      Skip to the content
    </a>
  )
}
