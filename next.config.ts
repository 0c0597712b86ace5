import type { NextConfig } from 'next'

const development = process.env.NODE_ENV === 'development'

/** Nothing from elsewhere, nowhere in a frame. Inline scripts are Next.js' own; `next dev` also evaluates. */
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ''}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const securityHeaders = [
  { key: 'Content-Security-Policy', value: contentSecurityPolicy },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
]

const config: NextConfig = {
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
  images: { unoptimized: true },
  // `npm run verify` checks types; whoever starts the demo shall not wait for them.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['postgres', 'ioredis'],
}

export default config
