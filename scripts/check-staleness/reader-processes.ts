import type { CheckedEngines } from '@/scripts/checks/engines'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { type Output, type Running, startProcess, stopAll, waitForOutput } from '@/scripts/processes'
import type { Path } from './history'
import type { Options } from './options'
import type { Task } from './reader'

const MOST_PER_PROCESS = 8

type Given = {
  options: Options
  engines: CheckedEngines
  output: Output
  task: Pick<Task, 'prompts' | 'gatewayUrls' | 'appKey'>
}

/** Readers in processes of their own, at most 8 in each; every process reaches the stores through its own links. */
export async function startReaders({ options, engines, output, task }: Given) {
  const { pauseMs, seed, control, databaseDelayMs, directory } = options
  const [running, files]: [Running[], string[]] = [[], []]
  const links: Awaited<ReturnType<typeof faultyLink>>[] = []
  for (const { path, readers } of dealReaders(options)) {
    const [postgresLink, redisLink] = [await faultyLink(engines.databaseUrl), await faultyLink(engines.redisUrl)]
    postgresLink.delay(databaseDelayMs / 2)
    links.push(postgresLink, redisLink)
    const by = `${path}-${running.length + 1}`
    const file = `${directory}/reads-${by}.jsonl`
    files.push(file)
    const urls = { databaseUrl: postgresLink.url, redisUrl: redisLink.url }
    const { gatewayUrls } = task
    const gateways = path === 'sdk' ? [gatewayUrls[running.length % gatewayUrls.length] ?? ''] : gatewayUrls
    const whole: Task = {
      ...task,
      ...urls,
      gatewayUrls: gateways,
      by,
      path,
      readers,
      pauseMs,
      control,
      file,
      seed: seed + running.length + 1,
    }
    const args = ['--import', 'tsx', 'scripts/check-staleness/reader.ts']
    running.push(startProcess(by, args, { NODE_ENV: 'production', TASK: JSON.stringify(whole) }, output))
  }
  await Promise.all(running.map(waitForOutput))
  return {
    files,
    redisLinks: links.filter((_, index) => index % 2 === 1),
    /** Lets every read under way end, so that the logs are whole. */
    stop: async () => {
      await stopAll(running, 30_000)
      for (const link of links) await link.close()
    },
  }
}

/** A quarter share the cache without copies, the others read over HTTP and by SDKs, half and half. */
function dealReaders({ readers, control }: Options): { path: Path; readers: number }[] {
  const shared = control ? readers : Math.floor(readers / 4)
  const gateway = Math.floor((readers - shared) / 2)
  const shares: [Path, number][] = [
    ['shared', shared],
    ['gateway', gateway],
    ['sdk', readers - shared - gateway],
  ]
  return shares.flatMap(([path, count]) => {
    const processes = Math.ceil(count / MOST_PER_PROCESS)
    return Array.from({ length: processes }, (_, index) => ({
      path,
      readers: Math.floor((count + index) / processes),
    }))
  })
}
