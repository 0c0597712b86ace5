import postgres from 'postgres'

/** An empty database of this name beside that of `serverUrl`; one left by a run that broke off is replaced. */
export async function ownDatabase(serverUrl: string, name: string) {
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} })
  await admin.unsafe(`drop database if exists ${name} with (force)`)
  await admin.unsafe(`create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = name
  const drop = async () => {
    await admin.unsafe(`drop database if exists ${name} with (force)`)
    await admin.end()
  }
  return { url: url.href, drop }
}
