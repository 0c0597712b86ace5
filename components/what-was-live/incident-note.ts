import { fullStamp } from '@/components/format/instant'
import type { LiveAnswer, LiveVersion } from '@/server/services/prompts/what-was-live.schema'
import { splitByUse, stretchText, strayText } from './prepare-live'

type Asked = { timezone: string; tenant: string | null; subject: string | null }

/** The answer as plain text, to be pasted where an incident is written down; contents stay where they are. */
export function incidentNote(answer: LiveAnswer, { timezone, tenant, subject }: Asked): string {
  const { at, channel, prices } = answer
  const { used, others, strangers, left } = splitByUse(answer)
  const who = [tenant && `tenant ${tenant}`, subject && `subject ${subject}`].filter(Boolean).join(', ')
  const lines = [`Live on ${channel} at ${fullStamp(at, timezone)} (${at})${who && `, ${who}`}`]
  for (const { live, reported } of [...used, ...others]) {
    lines.push(
      `- ${live.name} ${versionsText(live, subject)} (revision ${live.revision}), ${stretchLine(live, timezone, at)}`,
    )
    for (const version of reported) {
      const stray = strayText(version, channel, timezone)
      if (stray) lines.push(`  ! ${stray}`)
    }
  }
  if (left > 0) lines.push(`- ${left} more prompts`)
  for (const { name, why } of strangers) lines.push(`- ${name}: used, but ${why}`)
  const priced = prices.models.filter(({ rates }) => rates !== null)
  if (priced.length > 0) lines.push('Prices, US dollars per million tokens, input / output:')
  for (const { provider, model, rates } of priced)
    lines.push(`- ${provider} ${model}: ${rates?.input?.base ?? 'none'} / ${rates?.output?.base ?? 'none'}`)
  return lines.join('\n')
}

function versionsText({ version, arms, subjectVersion }: LiveVersion, subject: string | null): string {
  if (!arms) return `v${version}`
  const shares = arms.map((arm) => `${arm.weight} % v${arm.version}`).join(', ')
  return subject ? `v${subjectVersion} of a rollout: ${shares}` : `rollout: ${shares}`
}

function stretchLine(live: LiveVersion, timezone: string, at: string): string {
  const { since, reason, until } = stretchText(live, timezone, at)
  return `${since}${reason ? ` (${reason})` : ''}; ${until}`
}
