import { patiently } from '@/db/postgres/deadline'
import { insertVersion, lockPrompt, selectNewestVersion } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { countTokens } from './count-tokens'
import type { CreateVersion } from './prompts.schema'
import { unknownPrompt } from './unknown'
import { includesOf, variablesOf } from './variables.schema'

/** A megabyte that repeats nothing takes seconds to enter the index of contents. */
const PATIENCE_MS = 30_000

/**
 * Adds a version, numbered without gaps; activates nothing. @throws AppError `not_found`; `conflict` when it says the
 * same as the newest version, unless `force`.
 */
export async function createVersion(caller: Caller, input: CreateVersion): Promise<{ version: number }> {
  requireRole(caller.actor, 'prompts.create-version')
  const { name, content, model = null, config = {}, message = null, force } = input
  const includes = includesOf(content)
  if (includes.includes(name))
    throw new AppError('bad_request', `content: ${name} must not include itself.`, { field: 'content' })
  // Before the transaction: nobody's lock waits for a count.
  const { tokens, tokenizer } = await countTokens({ content, model })
  return patiently(PATIENCE_MS, () =>
    change(caller, 'prompts.create-version', async (tx) => {
      const prompt = await lockPrompt(tx, { name })
      if (!prompt) throw unknownPrompt(name)
      const newest = await selectNewestVersion(tx, { promptId: prompt.id, content, model, config })
      if (newest?.same && !force)
        throw new AppError(
          'conflict',
          `Version ${newest.version} says the same. Send "force": true to add it anyway.`,
          {
            field: 'content',
          },
        )
      const version = (newest?.version ?? 0) + 1
      await insertVersion(tx, {
        promptId: prompt.id,
        version,
        content,
        model,
        config,
        variables: variablesOf(content),
        includes,
        tokens,
        tokenizer: tokens === null ? null : tokenizer,
        message,
        createdBy: caller.actor.name,
      })
      return { result: { version }, audit: { target: name, after: { version, model, message } } }
    }),
  )
}
