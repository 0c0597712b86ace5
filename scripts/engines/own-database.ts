import postgres from 'postgres'

/** Makes a database anew on the server that `url` names, and returns its url: what other work left there is not in it. */
export async function ownDatabase(url: string, name: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await sql`drop database if exists ${sql(name)} with (force)`
    await sql`create database ${sql(name)}`
  } finally {
    await sql.end()
  }
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}
