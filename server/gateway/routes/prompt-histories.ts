import { z } from 'zod'
import { callerOf } from '@/server/gateway/key'
import { type Route, route } from '@/server/gateway/route'
import { exportPrompt } from '@/server/services/prompts/export-prompt'
import { ImportReport, MAX_DOCUMENT_BYTES, PromptDocument } from '@/server/services/prompts/history.schema'
import { importPrompt } from '@/server/services/prompts/import-prompt'
import { promptName } from '@/server/services/prompts/prompts.schema'

const params = z.strictObject({ name: promptName })

/** A small history, for /docs. */
const document: PromptDocument = {
  format: 'engram.prompt',
  formatVersion: 1,
  name: 'support/greeting',
  description: null,
  by: 'ada',
  at: '2026-03-02T09:00:00.000Z',
  versions: [
    {
      version: 1,
      content: 'Greet {{customer}} in one sentence.',
      model: 'gpt-4o-mini',
      config: { temperature: 0.2 },
      message: 'First version',
      tokens: 7,
      tokenizer: 'o200k_base',
      by: 'ada',
      at: '2026-03-02T09:00:00.000Z',
    },
  ],
  activations: [
    {
      channel: 'production',
      revision: 1,
      version: 1,
      previousVersion: null,
      rollbackRevision: null,
      kind: 'activate',
      rollout: null,
      byKind: 'operator',
      by: 'ada',
      reason: 'First version',
      at: '2026-03-02T09:05:00.000Z',
      appliedAt: '2026-03-02T09:05:00.006Z',
    },
  ],
}

export const promptHistoryRoutes = (): Route[] => [
  route({
    method: 'POST',
    path: '/v1/prompts/import',
    scope: 'operator',
    summary: 'Import a prompt with its history',
    description:
      'Takes what GET …/export answered, up to 16 MB. A name that is not there yet gets the whole history: versions with their ' +
      'authors and dates, activations, and pointers where they stood. To a prompt that is there, newer versions are added; what ' +
      'it serves stays as it is, and a version that says something else is a conflict. Importing twice changes nothing. ' +
      '"name" imports under another name; "dryRun=true" only says what would happen. Channels that need approval serve nothing yet.',
    query: z.strictObject({
      name: promptName.optional(),
      dryRun: z
        .enum(['true', 'false'])
        .default('false')
        .transform((value) => value === 'true'),
    }),
    body: PromptDocument,
    maxBodyBytes: MAX_DOCUMENT_BYTES,
    replies: {
      200: {
        when: 'imported, or nothing to do',
        schema: ImportReport,
        example: {
          name: 'support/greeting',
          created: true,
          versions: { added: [1], same: 0 },
          activations: { added: 1, left: 0 },
          channels: [{ channel: 'production', version: 1, revision: 1 }],
          withheld: [],
        },
      },
    },
    errors: {
      conflict: 'A version that is there says something else (field versions.N).',
      too_large: 'The body is larger than 16 MB.',
    },
    example: { body: document },
    handle: ({ query, body, key, stores }) => importPrompt(callerOf(stores, key), { ...query, document: body }),
  }),
  route({
    method: 'GET',
    path: '/v1/prompts/:name/export',
    scope: 'operator',
    summary: 'Export a prompt with its history',
    description: 'All versions and the activations of every channel, as one JSON document that an import takes.',
    params,
    replies: { 200: { when: 'found', schema: PromptDocument, example: document } },
    errors: { not_found: 'There is no such prompt.', too_large: 'The history is larger than 16 MB.' },
    example: { params: { name: 'support/greeting' } },
    handle: ({ params, stores }) => exportPrompt(stores, params),
  }),
]
