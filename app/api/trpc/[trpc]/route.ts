import { handleTrpc } from '@/server/console/trpc-route'

export const dynamic = 'force-dynamic'
export { handleTrpc as GET, handleTrpc as POST }
