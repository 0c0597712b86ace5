import { handleAuth } from '@/server/console/auth-route'

export const dynamic = 'force-dynamic'
export { handleAuth as GET, handleAuth as POST }
