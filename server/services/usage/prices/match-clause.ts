import type { MatchLogic } from '@pydantic/genai-prices'

/** What may stand in front of the part that a clause names: a region and the maker of the model. */
const FRONT =
  /^(?:(?:global|us-gov|us|eu|apac|au|jp|ca|sa|in)\.)?(?:(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|google|qwen|nvidia|writer)[./])?(?:omni-|text-)?$/
/** What may follow it: dates, versions and stages. Any other word, such as lite or 8b, may be another model. */
const PART =
  '(?:20\\d{6}|20\\d\\d-\\d\\d-\\d\\d|\\d\\d-20\\d\\d|\\d\\d-\\d\\d|\\d{4}|\\d{3}|v\\d|latest|preview|exp|default)'
const BACK = new RegExp(`^(?:[-@]?${PART}(?:[-@]${PART})*)?(?::\\d)?(?::\\d+k)?$`)
/** Fine-tuned models: after the base model comes what the customer named it. */
const FINE_TUNED = /^(?:ft:|[\w.-]+\.ft-)/

/** Why a name fits the library's rule, in words; null where it does not, or only by a part of another name. */
export function fits(rule: MatchLogic, reported: string): string | null {
  const name = reported.toLowerCase()
  if ('or' in rule)
    return (
      first(
        rule.or.filter((one) => 'equals' in one),
        reported,
      ) ?? first(rule.or, reported)
    )
  if ('and' in rule) {
    const all = rule.and.map((one) => (isExclusion(one) ? excludes(one, reported) : fits(one, reported)))
    return all.every((why) => why !== null) ? (all.find((why) => why !== '') ?? null) : null
  }
  if ('equals' in rule) return name === rule.equals.toLowerCase() ? `is ${rule.equals}` : null
  if ('regex' in rule) return new RegExp(rule.regex).test(name) ? `follows ${rule.regex}` : null
  const [word, part] = partOf(rule)
  const at = word === 'ends with' ? name.length - part.length : name.indexOf(part)
  if (at < 0 || (word === 'begins with' && at > 0) || name.slice(at, at + part.length) !== part) return null
  const [front, back] = [name.slice(0, at), name.slice(at + part.length)]
  if (!FRONT.test(front)) return null
  return FINE_TUNED.test(name) || BACK.test(back) ? `${word} ${part}` : null
}

const first = (rules: MatchLogic[], name: string): string | null => {
  for (const rule of rules) {
    const why = fits(rule, name)
    if (why !== null) return why
  }
  return null
}

function partOf(rule: MatchLogic): ['begins with' | 'ends with' | 'contains', string] {
  if ('starts_with' in rule) return ['begins with', rule.starts_with.toLowerCase()]
  if ('ends_with' in rule) return ['ends with', rule.ends_with.toLowerCase()]
  if ('contains' in rule) return ['contains', rule.contains.toLowerCase()]
  throw new Error(`genai-prices has a rule that is not known here: ${JSON.stringify(rule)}`)
}

/** A condition that only keeps names out, as "no -tts". */
const isExclusion = (rule: MatchLogic): rule is { regex: string } => 'regex' in rule && rule.regex.startsWith('^(?!')
const excludes = ({ regex }: { regex: string }, name: string) => (new RegExp(regex).test(name) ? '' : null)
