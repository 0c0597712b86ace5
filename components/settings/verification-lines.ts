/** What a receiver in Node runs on the raw body before it believes a message. */
export const verificationLines = `import { createHmac, timingSafeEqual } from 'node:crypto'

const key = Buffer.from(process.env.ENGRAM_WEBHOOK_SECRET.slice('whsec_'.length), 'base64')

export function isFromEngram(headers, rawBody) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given } = headers
  if (Math.abs(Date.now() / 1000 - time) > 300) return false
  const expected = 'v1,' + createHmac('sha256', key).update(\`\${id}.\${time}.\${rawBody}\`).digest('base64')
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
}`
