import { existsSync, readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { expected } from '@/server/failure'
import { connectDb, connectThreadRedis } from '@/server/services/stores'
import { renewTenants } from '@/server/services/tenants/ensure-tenants'
import { startSchedule } from '@/server/worker/schedule'
import { ingestHere } from './ingest-here'
import type { Answer, Question } from './thread-messages'

/** The thread of a gateway that takes usage: with connections of its own, so that no read waits behind a batch. */
const POOL_SIZE = 3
const NICE = 10
const port = parentPort
if (!port) throw new Error('ingest/thread.ts runs as a thread of the gateway only')

/** Where processors are scarce, reads come first. Linux gives each thread a priority of its own. */
if (existsSync('/proc/thread-self')) setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICE)

const db = connectDb('gateway', { poolSize: POOL_SIZE })
const redis = connectThreadRedis()
const ingest = ingestHere({ db, redis })
const jobs = startSchedule([{ name: 'renew tenants of reports', everyMs: 1_000, run: () => renewTenants({ db }) }])

port.on('message', async (question: Question) => {
  const answer = await work(question).then((done): Answer => ({ id: question.id, done }), refusal(question.id))
  port.postMessage(answer)
  if (question.kind === 'close') port.close()
})

async function work(question: Question) {
  if (question.kind !== 'close') {
    const { kind, bytes, type, key } = question
    return ingest[kind]({ bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), type }, key)
  }
  await jobs.stop()
  await renewTenants({ db })
  redis.close()
  await db.close()
  return null
}

const refusal =
  (id: number) =>
  (error: unknown): Answer => {
    const known = expected(error)
    if (known) return { id, refused: { code: known.code, message: known.message, field: known.field } }
    return { id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
