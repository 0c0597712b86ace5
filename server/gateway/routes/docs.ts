import { docsPage } from '@/server/gateway/docs-page'
import { openApi } from '@/server/gateway/openapi'
import { raw } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import { version } from '@/server/version'

/** Nothing from elsewhere, no scripts. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** Both views of `routes`, made once: they change only with the code. */
export function docsRoutes(routes: readonly Route[]): Route[] {
  const document = JSON.stringify(openApi(routes, version))
  const page = docsPage(routes, version)
  return [
    route({
      method: 'GET',
      path: '/openapi.json',
      scope: 'none',
      summary: 'The OpenAPI document',
      replies: { 200: { when: 'always', schema: null } },
      handle: () => raw(200, 'application/json; charset=utf-8', document),
    }),
    route({
      method: 'GET',
      path: '/docs',
      scope: 'none',
      summary: 'The human page',
      replies: { 200: { when: 'always', schema: null, contentType: 'text/html' } },
      handle: () => raw(200, 'text/html; charset=utf-8', page, { 'content-security-policy': POLICY }),
    }),
  ]
}
