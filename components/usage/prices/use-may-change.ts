import { useOperator } from '@/components/shell/operator'

/** Whether changes are offered; the server decides anyway. */
export const useMayChange = () => useOperator().role !== 'viewer'
