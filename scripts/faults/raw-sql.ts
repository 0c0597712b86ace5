import postgres from 'postgres'

/** A connection beside the code under test: what somebody with psql would see and try. */
export const rawSql = (url: string) => postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
