'use client'

import { Link } from '@/components/ui/link'
import { useScope } from '@/components/shell/search-params'
import { Button } from '@/components/ui/button'
import { whatWasLiveHref } from './live-params'

/** The way there from any page: at the end of a fixed stretch of time that the page looks at, else now. */
export function WhatWasLiveLink({ at, channel, prompt }: { at?: string; channel?: string; prompt?: string }) {
  const { params, scope } = useScope()
  return (
    <Button asChild size="md">
      <Link href={whatWasLiveHref({ ...params, at: at ?? scope.to, channel, prompt })}>What was live at …</Link>
    </Button>
  )
}
