import type { VectorsReport } from '@/server/services/vectors/list-vectors'

export type VectorTenant = VectorsReport['tenants'][number]
