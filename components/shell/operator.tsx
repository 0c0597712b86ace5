'use client'

import { createContext, use, type ReactNode } from 'react'
import type { Role } from '@/server/services/context'

export interface SignedIn {
  id: string
  name: string
  email: string
  role: Role
}

const Operator = createContext<SignedIn | null>(null)

/** Who is signed in. What they may do is decided on the server; here it only decides what is offered. */
export function useOperator(): SignedIn {
  const operator = use(Operator)
  if (!operator) throw new Error('useOperator outside of OperatorProvider')
  return operator
}

export function OperatorProvider({ operator, children }: { operator: SignedIn; children: ReactNode }) {
  return <Operator value={operator}>{children}</Operator>
}
