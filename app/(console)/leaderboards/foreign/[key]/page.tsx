import type { Metadata } from 'next'
import { ForeignBoardScreen } from '@/components/leaderboards/foreign-board-screen'

export const metadata: Metadata = { title: 'A board of other software' }

type Props = { params: Promise<{ key: string }> }

/** `key` is the name of a sorted set, base64url. */
export default async function ForeignBoardPage({ params }: Props) {
  return <ForeignBoardScreen boardKey={(await params).key} />
}
