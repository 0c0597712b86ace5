import { toast } from '@/components/feedback/toaster'

/** Ends the session and leaves nothing of the console in this tab's memory. */
export async function signOut(): Promise<void> {
  const reply = await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).catch(() => null)
  if (reply?.ok) window.location.assign('/sign-in')
  else toast.failed('You are still signed in', { detail: 'The console did not answer. Try again.' })
}
