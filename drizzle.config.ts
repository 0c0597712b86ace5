import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './db/postgres/schema',
  out: './drizzle',
  casing: 'snake_case',
})
