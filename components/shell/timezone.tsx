'use client'

import { createContext, use, useEffect, useSyncExternalStore, type ReactNode } from 'react'

const Timezone = createContext('UTC')

/** The browser's zone, once known; before that what its cookie said, so that server and browser draw the same. */
export const useTimezone = () => use(Timezone)

const timezoneCookie = 'tz'
const YEAR_SECONDS = 365 * 24 * 3600

export function TimezoneProvider({ initial, children }: { initial: string; children: ReactNode }) {
  const timezone = useSyncExternalStore(never, browserTimezone, () => initial)
  useEffect(() => {
    if (timezone === initial) return
    document.cookie = `${timezoneCookie}=${encodeURIComponent(timezone)}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
  }, [timezone, initial])
  return <Timezone value={timezone}>{children}</Timezone>
}

const never = () => () => {}
const browserTimezone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
