import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawSql } from '@/scripts/faults/raw-sql'
import { testGateway } from '@/server/gateway/test-gateway'
import type { PromptDocument } from './history.schema'

const sql = rawSql(process.env.DATABASE_URL ?? '')
let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(async () => {
  await sql.end()
  await gateway.close()
})

const at = (name: string, rest = '') => `/v1/prompts/${encodeURIComponent(name)}${rest}`
const post = (path: string, body: unknown) => gateway.call(path, { method: 'POST', body })
const fresh = () => `histories/${randomUUID()}`

/** A prompt with versions, two channels, a rollback and a rollout. */
async function lived(): Promise<string> {
  const name = fresh()
  const ok = async (path: string, body: unknown) => expect((await post(path, body)).status).toBeLessThan(300)
  await ok('/v1/prompts', { name, description: 'Has lived' })
  for (const n of [1, 2, 3])
    await ok(at(name, '/versions'), {
      content: `Version ${n} for {{user}} {{> tone/formal}}\n😀 "quotes" \\ `,
      model: n === 2 ? 'gpt-4o' : null,
      config: n === 3 ? { temperature: 0.2, __proto__x: [1, { a: null }] } : {},
      message: n === 1 ? undefined : `Message ${n}`,
    })
  await ok(at(name, '/activate'), { version: 1 })
  await ok(at(name, '/activate'), { version: 2, reason: 'Better' })
  await ok(at(name, '/rollback'), { reason: 'Worse' })
  await ok(at(name, '/activate'), { version: 3, channel: 'staging' })
  const arms = [
    { version: 1, weight: 75.5 },
    { version: 3, weight: 24.5 },
  ]
  await ok(at(name, '/rollout'), { arms })
  return name
}

const exported = async (name: string) => (await gateway.call(at(name, '/export'))).body as unknown as PromptDocument
const importAs = (name: string, document: unknown, more = '') =>
  post(`/v1/prompts/import?name=${encodeURIComponent(name)}${more}`, document)
const rowsOf = async (name: string) => {
  const [row] = await sql`select
    (select count(*)::int from prompt_versions v where v.prompt_id = p.id) as versions,
    (select count(*)::int from prompt_activations a where a.prompt_id = p.id) as activations,
    (select count(*)::int from audit where target = p.name) as audit
    from prompts p where name = ${name}`
  return row ?? null
}

describe('a prompt with its history', () => {
  it('exported, imported under another name, exported again: equal', async () => {
    const name = await lived()
    const document = await exported(name)
    expect(document).toMatchObject({ name, description: 'Has lived', formatVersion: 1 })
    expect(document.versions[0]).toMatchObject({ version: 1, by: 'test', tokens: expect.any(Number) })
    expect(document.activations.map(({ channel, kind }) => `${channel} ${kind}`)).toEqual([
      ...['activate', 'activate', 'rollback', 'rollout'].map((kind) => `production ${kind}`),
      'staging activate',
    ])
    const copy = fresh()
    const report = await importAs(copy, document)
    expect(report).toMatchObject({
      status: 200,
      body: { name: copy, created: true, versions: { added: [1, 2, 3], same: 0 }, activations: { added: 5, left: 0 } },
    })
    expect(await exported(copy)).toEqual({ ...document, name: copy })
  })

  it('R1 R2: pointers stand where they stood, the copy serves at once, and goes on as any other', async () => {
    const [name, copy] = [await lived(), fresh()]
    await importAs(copy, await exported(name))
    for (const query of ['?channel=production', '?channel=staging', '?channel=production&subject=ada']) {
      const [one, other] = [await gateway.call(at(name, query)), await gateway.call(at(copy, query))]
      expect(one.status).toBe(200)
      expect(other.body).toEqual({ ...one.body, name: copy })
    }
    const its = sql`prompt_id = (select id from prompts where name = ${copy})`
    await expect(sql`update prompt_versions set content = 'x' where ${its}`).rejects.toThrow('append-only')
    expect(await post(at(copy, '/rollback'), {})).toMatchObject({ status: 200, body: { version: 1, revision: 5 } })
    expect(await post(at(copy, '/activate'), { version: 2, expectedRevision: 5 })).toMatchObject({ status: 200 })
    expect(await post(at(copy, '/versions'), { content: 'Four' })).toMatchObject({ body: { version: 4 } })
  })

  it('marks what it brought, and writes one audit row of its own', async () => {
    const [name, copy] = [await lived(), fresh()]
    await importAs(copy, await exported(name))
    const [row] = await sql`select count(*) filter (where v.imported_at is null)::int as own, count(*)::int as all
      from prompt_versions v join prompts p on p.id = v.prompt_id where p.name = ${copy}`
    expect(row).toEqual({ own: 0, all: 3 })
    const audit = await sql`select action, after from audit where target = ${copy}`
    expect(audit).toEqual([
      { action: 'prompts.import', after: expect.objectContaining({ from: name, created: true, versions: [1, 2, 3] }) },
    ])
  })

  it('imported twice changes nothing', async () => {
    const [name, copy] = [await lived(), fresh()]
    const document = await exported(name)
    await importAs(copy, document)
    const before = await rowsOf(copy)
    expect((await importAs(copy, document)).body).toMatchObject({
      created: false,
      versions: { added: [], same: 3 },
      activations: { added: 0, left: 5 },
      channels: [],
    })
    expect(await rowsOf(copy)).toEqual(before)
  })

  it('adds the newer versions to a prompt that is there, and leaves what it serves', async () => {
    const [name, copy] = [await lived(), fresh()]
    const document = await exported(name)
    await importAs(copy, { ...document, versions: document.versions.slice(0, 1), activations: [] })
    await post(at(copy, '/activate'), { version: 1, reason: 'Here' })
    expect((await importAs(copy, document)).body).toMatchObject({
      created: false,
      versions: { added: [2, 3], same: 1 },
      activations: { added: 0, left: 5 },
    })
    expect((await gateway.call(at(copy))).body).toMatchObject({ version: 1, revision: 1 })
    // Who has more than the document has nothing to add.
    await post(at(copy, '/versions'), { content: 'Four' })
    expect((await importAs(copy, document)).body).toMatchObject({ versions: { added: [], same: 3 } })
  })

  it('a version that says something else is a conflict that names it, and nothing changes', async () => {
    const [name, copy] = [await lived(), fresh()]
    const document = await exported(name)
    await importAs(copy, document)
    const before = await rowsOf(copy)
    const change = (field: object) => ({
      ...document,
      versions: [...document.versions.map((v) => (v.version === 2 ? { ...v, ...field } : v)), { ...document.versions[0], version: 4 }], // prettier-ignore
    })
    for (const field of [{ content: 'Other' }, { model: null }, { config: { temperature: 1 } }]) {
      const answer = await importAs(copy, change(field))
      expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict', field: 'versions.1' } } })
      expect(JSON.stringify(answer.body)).toContain('Version 2')
    }
    expect(await rowsOf(copy)).toEqual(before)
  })

  it('a dry run says the same and changes nothing', async () => {
    const [name, copy] = [await lived(), fresh()]
    const document = await exported(name)
    const foreseen = await importAs(copy, document, '&dryRun=true')
    expect(foreseen.body).toMatchObject({ created: true, versions: { added: [1, 2, 3] } })
    expect(await rowsOf(copy)).toBeNull()
    expect((await importAs(copy, document)).body).toEqual(foreseen.body)
  })

  it('of two at once one restores, the other finds it restored', async () => {
    const [name, copy] = [await lived(), fresh()]
    const document = await exported(name)
    const answers = await Promise.all([1, 2, 3].map(() => importAs(copy, document)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers.filter(({ body }) => body.created)).toHaveLength(1)
    expect(await rowsOf(copy)).toMatchObject({ versions: 3, activations: 5 })
  })

  it('keeps what a rule of today would refuse: a history is restored as it was', async () => {
    const [name, copy] = [await lived(), fresh()]
    const document = await exported(name)
    const versions = document.versions.map((v) => ({ ...v, content: `${v.content} {{open` }))
    expect((await importAs(copy, { ...document, versions })).status).toBe(200)
    expect((await exported(copy)).versions[2]?.content).toContain('{{open')
  })
})

it('what needs a second person goes live nowhere by an import', async () => {
  const [name, copy] = [await lived(), fresh()]
  const channel = `guarded-${randomUUID().slice(0, 8)}`
  const document = await exported(name)
  const activations = document.activations.map((row) => (row.channel === 'staging' ? { ...row, channel } : row))
  await sql`insert into prompt_channels (name, requires_approval, changed_by) values (${channel}, true, 'test')`
  expect((await importAs(copy, { ...document, activations })).body).toMatchObject({
    activations: { added: 4, left: 1 },
    channels: [{ channel: 'production' }],
    withheld: [channel],
  })
  expect((await gateway.call(at(copy, `?channel=${channel}`))).status).toBe(404)
})

describe('R13: a document that is wrong is refused by its field, and nothing changes', () => {
  type Change = (document: PromptDocument) => object
  const versions =
    (place: number, field: object): Change =>
    (document) => ({
      versions: document.versions.map((v, index) => (index === place ? { ...v, ...field } : v)),
    })
  const moves =
    (place: number, field: object): Change =>
    (document) => ({
      activations: document.activations.map((a, index) => (index === place ? { ...a, ...field } : a)),
    })
  const wrong: [string, Change, string][] = [
    ['another format', () => ({ format: 'langfuse' }), 'format'],
    ['a newer format', () => ({ formatVersion: 2 }), 'formatVersion'],
    ['a version as a string', versions(0, { version: '1' }), 'versions.0.version'],
    ['a version of 2^53', versions(0, { version: 2 ** 53 }), 'versions.0.version'],
    ['a gap in the versions', versions(2, { version: 5 }), 'versions.2.version'],
    ['content over 1 MB', versions(1, { content: 'x'.repeat(1_000_001) }), 'versions.1.content'],
    ['empty content', versions(1, { content: '' }), 'versions.1.content'],
    ['NUL in a message', versions(1, { message: '\0' }), 'versions.1.message'],
    ['no date', versions(1, { at: 'yesterday' }), 'versions.1.at'],
    ['an unknown field', versions(1, { colour: 'red' }), 'versions.1.colour'],
    ['a gap in the revisions', moves(1, { revision: 3 }), 'activations.1.revision'],
    ['a move to a version that is not there', moves(0, { version: 9 }), 'activations.0.version'],
    ['a move from where nobody was', moves(1, { previousVersion: 3 }), 'activations.1.previousVersion'],
    ['a way back into the future', moves(1, { rollbackRevision: 4 }), 'activations.1.rollbackRevision'],
    ['a channel with spaces', moves(0, { channel: 'my channel' }), 'activations.0.channel'],
    ['a rollout with holes', moves(3, { rollout: { salt: 's', arms: [{ version: 1, weight: 100, buckets: [[0, 9_999]] }] } }), 'activations.3.rollout'], // prettier-ignore
  ]
  let document: PromptDocument
  beforeAll(async () => {
    document = await exported(await lived())
  })

  it.each(wrong)('%s', async (_, change, field) => {
    const copy = fresh()
    const answer = await importAs(copy, { ...document, ...change(document) })
    expect([answer.status, answer.body.error]).toEqual([400, expect.objectContaining({ code: 'bad_request', field })])
    expect(await rowsOf(copy)).toBeNull()
  })

  it('more than 16 MB; but more than the usual 5 MB is taken', async () => {
    const large = (megabytes: number) => ({
      ...document,
      activations: [],
      versions: Array.from({ length: megabytes }, (_, index) => ({
        ...document.versions[0],
        version: index + 1,
        content: `${index} ${'word '.repeat(199_000)}`,
      })),
    })
    expect(await importAs(fresh(), large(17))).toMatchObject({ status: 413, body: { error: { field: 'body' } } })
    const copy = fresh()
    expect((await importAs(copy, large(8))).status).toBe(200)
    expect((await exported(copy)).versions).toHaveLength(8)
  }, 120_000)

  it('an app key, and a prompt that is not there', async () => {
    const key = gateway.keys.app
    expect((await gateway.call(at('x', '/export'), { key })).status).toBe(403)
    expect((await gateway.call(at(fresh(), '/export'))).status).toBe(404)
  })
})
