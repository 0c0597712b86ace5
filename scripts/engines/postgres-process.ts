import { writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { disown, ownAs, waitForOwner } from './pid-file'
import { Backend } from './postgres-backend'
import { openDatabase } from './postgres-data'
import { startFront } from './postgres-front'
import { keepUp } from './postgres-upkeep'

/** What the engine tells the process that started it. */
export type PostgresReport = { port: number } | { failure: string }

const UPKEEP_EVERY_MS = 15_000
const LOG_LINES_KEPT = 30

/** The embedded Postgres as a process of its own: WASM would block the event loop of whoever else lived in it. */
export async function runPostgres(argv: string[]): Promise<void> {
  const log: string[] = []
  const fail = (error: unknown) => {
    const failure = [`Embedded Postgres failed: ${String(error)}`, ...log].join('\n')
    if (process.connected) process.send?.({ failure } satisfies PostgresReport, () => process.exit(1))
    else {
      console.error(failure)
      process.exit(1)
    }
  }
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        data: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '0' },
      },
    })
    if (!values.data) throw new Error('--data names the data directory, or is "memory"')
    await run(values.data, values.host, Number(values.port), fail, (line) => {
      log.push(line)
      if (log.length > LOG_LINES_KEPT) log.shift()
    })
  } catch (error) {
    fail(error)
  }
}

async function run(
  data: string,
  host: string,
  port: number,
  fail: (error: unknown) => void,
  log: (line: string) => void,
): Promise<void> {
  const dataDir = data === 'memory' ? data : resolve(data)
  const pidFile = `${dataDir}.pid`
  if (dataDir !== 'memory') {
    await waitForOwner(pidFile, 'engines/postgres.ts')
    ownAs(process.pid, pidFile)
  }
  const pg = await openDatabase(dataDir, log)
  const backend = await Backend.over(pg, (reason) => {
    writeSync(process.stderr.fd, `Embedded Postgres lost its only backend session: ${reason}\n`)
    process.exit(1)
  })
  const front = await startFront(backend, { host, port, onFailure: fail })
  const stopUpkeep = keepUp(pg, backend, UPKEEP_EVERY_MS, (error) =>
    console.error(`Embedded Postgres, upkeep: ${error}`),
  )

  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    stopUpkeep()
    await front.close()
    await backend.exclusively(() => pg.close())
    if (dataDir !== 'memory') disown(pidFile)
    process.exit(0)
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void end().catch(fail))

  if (process.send) process.send({ port: front.port } satisfies PostgresReport)
  else console.log(`Postgres listens at postgres://postgres@${host}:${front.port}/postgres`)
}
