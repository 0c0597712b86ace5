import { curlOf } from './docs-curl'
import { type Field, fieldsOf } from './docs-fields'
import { docsStyle } from './docs-style'
import { errorsOf, jsonSchema, topicOf } from './openapi'
import type { Route } from './route'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')
const code = (text: string) => `<code>${escape(text)}</code>`
const block = (text: string) => `<pre tabindex="0"><code>${escape(text)}</code></pre>`
const anchorOf = ({ method, path }: Route) => `${method} ${path}`.toLowerCase().replace(/[^a-z0-9]+/g, '-')

/** The human page: every call from the same definitions that the gateway runs. */
export function docsPage(routes: readonly Route[], version: string): string {
  const topics = [...new Set(routes.map(topicOf))]
  const ofTopic = (topic: string) => routes.filter((route) => topicOf(route) === topic)
  const nav = topics.map((topic) => `<h2>${topic}</h2><ul>${ofTopic(topic).map(link).join('')}</ul>`).join('')
  const main = topics.map((topic) => `<h2 id="${topic}">${topic}</h2>${ofTopic(topic).map(section).join('')}`).join('')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Engram gateway: HTTP API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>${docsStyle}</style></head><body>
<nav aria-label="Calls"><a class="brand" href="#top">Engram gateway</a>${nav}</nav>
<main id="top">${introduction(version)}${main}</main></body></html>`
}

const link = (route: Route) =>
  `<li><a href="#${anchorOf(route)}"><span class="method ${route.method}">${route.method}</span>${escape(route.summary)}</a></li>`

function introduction(version: string): string {
  return `<h1>HTTP API</h1>
<p>What applications call. Version ${escape(version)}; the same as an OpenAPI 3.1 document: <a href="/openapi.json">/openapi.json</a>.</p>
<p>Make a key in the console under Settings and send it as ${code('Authorization: Bearer <key>')}. A key has one of two scopes:
<b>app</b> keys make the calls of applications, for all tenants or for those they are bound to; <b>operator</b> keys make these
and the calls of operators. Every example below runs in a shell that has</p>
${block('export GATEWAY=http://localhost:4000\nexport KEY=<an operator key, or an app key for the calls of scope app>')}
<p>Bodies are JSON in UTF-8, at most 5 MB, sent as ${code('Content-Type: application/json')}; ${code('Content-Encoding: gzip')} is
understood. A name in a path is percent-encoded, so that ${code('team/support')} is ${code('team%2Fsupport')}. Unknown fields are refused.</p>
<p>Errors have one shape; <b>field</b> names the input that is wrong. A 503 says in ${code('Retry-After')} when to come again.</p>
${block(JSON.stringify({ error: { code: 'bad_request', message: 'ttlSeconds: …', field: 'ttlSeconds' } }, null, 2))}`
}

function section(route: Route): string {
  const { method, path, scope, summary, description, params, query, body, stream } = route
  const shownPath = path.replace(/:(\w+)/g, '{$1}')
  return `<section id="${anchorOf(route)}"><h3>${escape(summary)}</h3>
<p class="line"><span class="method ${method}">${method}</span> ${code(shownPath)} <span class="scope">${scope === 'none' ? 'no key' : `${scope} key`}</span></p>
${description ? `<p>${escape(description)}</p>` : ''}
${table('In the path', fieldsOf(jsonSchema(params, 'input')))}
${table('In the query', fieldsOf(jsonSchema(query, 'input')))}
${body ? table(stream ? 'In each line of the body' : route.bodyOptional ? 'In the body, which may be absent' : 'In the body', fieldsOf(jsonSchema(body, 'input'))) : ''}
<h4>Example</h4>${block(curlOf(route))}
${Object.entries(route.replies).map(reply).join('')}
<h4>Errors</h4><ul class="errors">${errorsOf(route)
    .map(([status, name, meaning]) => `<li>${code(String(status))} ${code(name)} ${escape(meaning)}</li>`)
    .join('')}</ul></section>`
}

function reply([status, spec]: [string, Route['replies'][number]]): string {
  const fields = spec.schema ? table('', fieldsOf(jsonSchema(spec.schema, 'output'))) : ''
  const text = spec.text ?? (spec.example === undefined ? null : JSON.stringify(spec.example, null, 2))
  const example = text === null ? '' : block(text)
  return `<h4>Reply ${status}: ${escape(spec.when)}</h4>${example}${fields}`
}

function table(title: string, fields: Field[]): string {
  if (fields.length === 0) return ''
  const rows = fields.map(
    ({ name, type, required, about }) =>
      `<tr><td>${code(name)}${required || title === '' ? '' : ' <i>optional</i>'}</td><td>${escape(type)}</td><td>${escape(about)}</td></tr>`,
  )
  return `${title && `<h4>${title}</h4>`}<div class="scroll"><table><thead><tr><th>Field</th><th>Type</th><th>Limits</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}
