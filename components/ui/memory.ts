/** The two memories (DESIGN 2): Redis forgets on purpose, Postgres is the truth. */
export type Memory = 'redis' | 'postgres'

export const memoryName: Record<Memory, string> = { redis: 'Redis', postgres: 'Postgres' }
