'use client'

import { useScope, withScope } from '@/components/shell/search-params'
import type { Culprit } from '@/server/services/cache/culprit'
import type { Activation } from '@/server/services/overview/activation-marks'
import { activationHref } from './points'

/** Addresses of other pages on the same tenant and stretch of time. */
export function useLinks() {
  const { params } = useScope()
  return {
    link: (href: string) => withScope(href, params),
    activationLink: (activation: Activation) => withScope(activationHref(activation), params),
    tenantLink: (tenant: string) => withScope('/usage', { ...params, tenant }),
    /** One namespace and tenant of the answer cache, or the parts of another family. */
    culpritLink: ({ family, namespace, tenant }: Pick<Culprit, 'family' | 'namespace' | 'tenant'>) =>
      withScope(
        family === 'answers' ? `/cache?namespace=${encodeURIComponent(namespace)}` : `/cache?family=${family}`,
        tenant === '' ? params : { ...params, tenant },
      ),
    namespaceLink: (namespace: string) => withScope(`/cache?namespace=${encodeURIComponent(namespace)}`, params),
  }
}
