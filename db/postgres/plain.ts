import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'

const dialect = new PgDialect()

/** Of SQL without parameters, its text. */
export const plain = (part: SQL): string => dialect.sqlToQuery(part).sql
