import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { startChild } from './child'
import type { PostgresReport } from './postgres-process'

const self = fileURLToPath(import.meta.url)

export interface PostgresOptions {
  /** Made when it does not exist; 'memory' keeps nothing. */
  dataDir: string | 'memory'
  host?: string
  /** A free one when left out. */
  port?: number
}

/** Starts the embedded Postgres as a child process; resolves when it takes connections. */
export async function startPostgres({ dataDir, host = '127.0.0.1', port = 0 }: PostgresOptions) {
  const tsx = pathToFileURL(createRequire(self).resolve('tsx')).href
  const args = ['--import', tsx, self, '--data', dataDir, '--host', host, '--port', String(port)]
  const engine = await startChild(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const report = await new Promise<PostgresReport>((resolve) => {
    engine.child.once('message', (message) => resolve(message as PostgresReport))
    engine.child.once('exit', (code) => resolve({ failure: `Embedded Postgres ended with code ${code}` }))
  })
  if ('failure' in report) {
    await engine.stop()
    throw new Error(report.failure)
  }
  engine.child.on('message', (later: PostgresReport) => 'failure' in later && console.error(later.failure))
  return { url: `postgres://postgres:postgres@${host}:${report.port}/postgres`, pid: engine.pid, stop: engine.stop }
}

const [, script] = process.argv
if (script && existsSync(script) && realpathSync(script) === self) {
  const { runPostgres } = await import('./postgres-process')
  await runPostgres(process.argv.slice(2))
}
