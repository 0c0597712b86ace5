'use client'

import { useScope, withScope } from '@/components/shell/search-params'
import type { Activation } from '@/server/services/overview/activation-marks'
import { activationHref } from './points'

/** Addresses of other pages on the same tenant and stretch of time. */
export function useLinks() {
  const { params } = useScope()
  return {
    link: (href: string) => withScope(href, params),
    activationLink: (activation: Activation) => withScope(activationHref(activation), params),
    tenantLink: (tenant: string) => withScope('/usage', { ...params, tenant }),
    culpritLink: ({ namespace, tenant }: { namespace: string; tenant: string }) =>
      withScope(`/cache?namespace=${encodeURIComponent(namespace)}`, { ...params, tenant }),
    namespaceLink: (namespace: string) => withScope(`/cache?namespace=${encodeURIComponent(namespace)}`, params),
  }
}
