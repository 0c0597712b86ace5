import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisStore } from '@/db/redis/client'
import { keys } from '@/db/redis/keys'
import type { Random } from '@/scripts/simulate/random'
import type { Done, World } from './nemesis'
import { CHANNEL } from './prompts'

/** Throws entries and fences out at random, as a full Redis would; not while Redis is frozen. */
export async function evictOn(
  redis: RedisStore,
  { prompts, random }: Pick<World, 'prompts' | 'random'>,
  done: Done,
  more: () => boolean,
): Promise<void> {
  while (more()) {
    await sleep(20 + random.next() * 120)
    if (redis.healthy()) done.evictions += await evict(redis, random.oneOf(prompts), random)
  }
}

async function evict({ commands }: RedisStore, prompt: string, random: Random): Promise<number> {
  const [entry, fence] = [keys.prompt(prompt, CHANNEL), keys.promptFence(prompt, CHANNEL)]
  try {
    return await commands.del(...random.oneOf([[entry], [fence], [entry, fence]]))
  } catch {
    return 0 // It froze just now.
  }
}
