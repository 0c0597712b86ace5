import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from '@/scripts/simulate/random'
import type { Control } from './controls'
import { now, openLog, type Path } from './history'
import { contentOf } from './prompts'
import { type ReadPath, throughControl, throughGateways, throughSdk, throughSharedCache } from './read-paths'

/** What a process of readers is told in the environment variable TASK. */
export type Task = {
  by: string
  path: Path
  readers: number
  prompts: string[]
  pauseMs: number
  seed: number
  file: string
  databaseUrl: string
  redisUrl: string
  /** Those that it reads through; an SDK knows one. */
  gatewayUrls: string[]
  appKey: string
  control: Control | null
}

const AFTER_FAILURE_MS = 50

const task = JSON.parse(process.env.TASK ?? '') as Task
const random = seeded(task.seed)
const log = openLog(task.file)
let ending = false
process.once('SIGTERM', () => (ending = true))

const path = await open()
console.log(`${task.by} reads`)
await Promise.all(Array.from({ length: task.readers }, () => readOn(path)))
log.write({ type: 'sources', path: task.path, counts: path.sources() })
await path.close()
await log.close()
process.exit(0)

function open(): Promise<ReadPath> | ReadPath {
  if (task.control) return throughControl(task, task.control, random)
  if (task.path === 'shared') return throughSharedCache(task)
  return task.path === 'sdk' ? throughSdk(task) : throughGateways(task, random)
}

/** One reader: a single thread of reads, each logged with its beginning and its end. */
async function readOn({ read }: ReadPath): Promise<void> {
  const { by, path, pauseMs } = task
  while (!ending) {
    const prompt = random.oneOf(task.prompts)
    const began = now()
    try {
      const { content, revision, version, source, declaredStale } = await read(prompt)
      const ended = now()
      const intact = content === contentOf(prompt, version)
      log.write({ type: 'read', path, by, source, prompt, began, ended, revision, version, intact, declaredStale })
      await sleep(random.next() * 2 * pauseMs)
    } catch (error) {
      log.write({ type: 'failed-read', path, by, prompt, began, ended: now(), error: String(error) })
      await sleep(AFTER_FAILURE_MS)
    }
  }
}
