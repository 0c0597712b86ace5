import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignInForm } from '@/components/shell/sign-in-form'
import { BrandMark } from '@/components/ui/brand-mark'
import { requestContext } from '@/server/console/prefetch'
import { safeNext } from '@/server/console/safe-next'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function SignInPage({ searchParams }: Props) {
  const { next, error } = await searchParams
  const target = safeNext(next)
  // Whoever cannot be told because no store answers gets the form, and its answer says so.
  const operator = await requestContext().then(
    (context) => context.operator,
    () => null,
  )
  if (operator) redirect(target)
  return (
    <main className="grid min-h-dvh place-content-center gap-6 px-4 py-8 sm:grid-cols-[minmax(0,20rem)]">
      <div className="grid justify-items-center gap-2 text-center">
        <BrandMark width={44} />
        <h1 className="text-lg font-semibold tracking-tight">Engram</h1>
        <p className="text-muted">What your applications remember</p>
      </div>
      <SignInForm next={target} linkRefused={error !== undefined} />
    </main>
  )
}
