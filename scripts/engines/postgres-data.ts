import { PGlite } from '@electric-sql/pglite'
import { hstore } from '@electric-sql/pglite/contrib/hstore'
import { pg_stat_statements } from '@electric-sql/pglite/contrib/pg_stat_statements'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { vector } from '@electric-sql/pglite-pgvector'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const extensions = { vector, pg_stat_statements, hstore, pg_trgm }

/** PGlite writes postgresql.conf anew at every start: this is all of it. pg_stat_statements preloads itself. */
const settings = [
  `timezone = 'UTC'`,
  `lc_messages = 'C'`,
  `default_text_search_config = 'pg_catalog.english'`,
  `track_io_timing = on`,
  // Not smaller: it also bounds how much old WAL is kept for reuse.
  `max_wal_size = '256MB'`,
]

const cacheDir = resolve(dirname(fileURLToPath(import.meta.url)), '../../.engram/cache')

/** Opens the database in a directory, or a new one in memory. `log` hears the server's own log lines. */
export async function openDatabase(dataDir: string, log: (line: string) => void): Promise<PGlite> {
  const heard = { onStderr: (line: string) => (log(line), false) }
  const open = (options: object) => PGlite.create({ extensions, postgresqlconf: [...settings], ...heard, ...options })

  if (dataDir === 'memory') return open({ dataDir: 'memory://', loadDataDir: await initialised() })
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    if (existsSync(dataDir)) await removeEmpty(dataDir)
    // A start that is killed half-way must not leave half a database: it gets its name when it is whole.
    const unfinished = `${dataDir}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    await (await open({ dataDir: unfinished, loadDataDir: await initialised() })).close()
    await rename(unfinished, dataDir)
  }
  return open({ dataDir })
}

/** A fresh cluster as a tar archive. initdb in WASM takes about two seconds, so it runs once per PGlite version. */
async function initialised(): Promise<Blob> {
  const cached = join(cacheDir, `initdb-${await pgliteVersion()}.tar`)
  if (existsSync(cached)) return new Blob([await readFile(cached)])
  const fresh = await PGlite.create('memory://')
  await fresh.exec('CHECKPOINT')
  const tar = await fresh.dumpDataDir('none')
  await fresh.close()
  await mkdir(cacheDir, { recursive: true })
  const partial = `${cached}.${process.pid}`
  await writeFile(partial, Buffer.from(await tar.arrayBuffer()))
  await rename(partial, cached)
  return tar
}

async function pgliteVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const manifest: { version: string } = JSON.parse(await readFile(join(dirname(entry), '../package.json'), 'utf8'))
  return manifest.version
}

async function removeEmpty(dir: string) {
  const found = await readdir(dir)
  if (found.length > 0) throw new Error(`${dir} is neither empty nor a Postgres data directory (no PG_VERSION in it)`)
  await rmdir(dir)
}
