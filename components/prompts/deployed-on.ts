import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { newestBeside } from './prepare-rollout'

/** What the channel that a page looks at serves; null where nothing is live. */
export const deployedOn = ({ channels, channel: wanted }: Pick<PromptPage, 'channels' | 'channel'>) =>
  channels.find(({ channel }) => channel === wanted) ?? null

/** The rollout that runs there, with its newest version beside the base; null while everybody gets the same. */
export function rolloutOn(page: Pick<PromptPage, 'channels' | 'channel'>) {
  const deployed = deployedOn(page)
  const newest = deployed?.arms && newestBeside(deployed.version, deployed.arms)
  return deployed?.arms && newest ? { base: deployed.version, arms: deployed.arms, newest } : null
}
