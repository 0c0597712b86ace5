import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from '@/scripts/simulate/random'
import type { Caller } from '@/server/services/context'
import { type Act, actDirectly } from './acts'
import { type Control, LATEST_FILL_MS, type Rule, rules } from './controls'
import { openLog } from './history'
import { contentOf } from './prompts'
import { startReaders } from './reader-processes'
import type { Run } from './run'
import { type Judged, judgeLogs } from './verdict'
import { preparePrompts, writeOn } from './writer'

const JUDGE_EVERY_MS = 250
const EVICT_EVERY_MS = 10

/** The same readers, writers and judge over a rule that is known to be wrong; ends once that is caught. */
export async function controlRun(run: Run, control: Control): Promise<Judged> {
  const { options, engines, caller, truth, output } = run
  const file = `${options.directory}/writes.jsonl`
  const log = openLog(file)
  const prompts = await preparePrompts(caller, options.prompts, log)
  const readers = await startReaders({ options, engines, output, task: { prompts, gatewayUrls: [], appKey: '' } })
  const began = performance.now()
  let [acknowledged, caught] = [0, false]
  const more = () => !caught && acknowledged < options.activations
  const write = (prompt: string, index: number) =>
    writeOn({
      by: `writer-${index + 1}`,
      random: seeded(options.seed + 1_000 + index),
      prompts: [prompt],
      log,
      act: () => actByRule(caller, rules[control]),
      more,
      acknowledged: () => acknowledged++,
    })
  const watch = async () => {
    while (more()) {
      await sleep(JUDGE_EVERY_MS)
      caught = (await judgeLogs({ writes: file, reads: readers.files, commits: null })).stale > 0
    }
  }
  try {
    await Promise.all([watch(), ...prompts.map(write)])
  } finally {
    await readers.stop()
    await log.close()
  }
  const verdict = await judgeLogs({ writes: file, reads: readers.files, commits: await truth.commits(prompts) })
  const seconds = (performance.now() - began) / 1_000
  return { ...verdict, done: null, seconds, files: [file, ...readers.files] }
}

/** Activates as Engram does, then applies by the rule. Evictions fall where they hurt: readers miss all the while. */
function actByRule(caller: Caller, rule: Rule): Act {
  const { commands } = caller.redis
  const act = actDirectly(caller)
  return async (ask) => {
    const { prompt } = ask
    await sleep(LATEST_FILL_MS) // for what the activation before left behind to be read
    const evicting = setInterval(() => void rule.evict(commands, prompt), EVICT_EVERY_MS)
    try {
      await sleep(LATEST_FILL_MS)
      const told = await act(ask)
      if (!told) return null
      const { revision, version } = told
      const json = JSON.stringify({ revision, version, content: contentOf(prompt, version) })
      await rule.apply(commands, prompt, { revision, json })
      await rule.evict(commands, prompt)
      return told
    } finally {
      clearInterval(evicting)
    }
  }
}
