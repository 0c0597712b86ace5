import { NextResponse, type NextRequest } from 'next/server'

/** Tells pages their own address, for the way back after signing in. No lock: every procedure checks the session. */
export function proxy(request: NextRequest) {
  const headers = new Headers(request.headers)
  headers.set('x-engram-path', request.nextUrl.pathname + request.nextUrl.search)
  return NextResponse.next({ request: { headers } })
}

export const config = { matcher: ['/((?!api/|_next/|icon.svg).*)'] }
