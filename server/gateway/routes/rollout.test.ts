import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testGateway } from '@/server/gateway/test-gateway'
import { system } from '@/server/services/context'
import { approveChange } from '@/server/services/prompts/approve-change'
import { armOf } from '@/server/services/prompts/buckets'
import { setChannelApproval } from '@/server/services/prompts/set-channel-approval'

let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const at = (name: string, rest = '') => `/v1/prompts/${encodeURIComponent(name)}${rest}`
const post = (path: string, body: unknown, key = gateway.keys.operator) =>
  gateway.call(path, { method: 'POST', body, key })
const rollOut = (name: string, ...shares: [version: number, weight: number][]) =>
  post(at(name, '/rollout'), { arms: shares.map(([version, weight]) => ({ version, weight })) })
const fetchFor = (name: string, query: string, headers = {}) =>
  gateway.call(at(name, query), { key: gateway.keys.app, headers })
const subjects = Array.from({ length: 60 }, (_, index) => `user ${index}/ü`)

async function promptWith(versions: number): Promise<string> {
  const name = `rollout/${randomUUID()}`
  await post('/v1/prompts', { name })
  for (let version = 1; version <= versions; version++)
    await post(at(name, '/versions'), { content: `Version ${version}`, config: { version } })
  await post(at(name, '/activate'), { version: 1 })
  return name
}

type Whole = {
  version: number
  revision: number
  rollout: {
    salt: string
    arms: { version: number; weight: number; buckets: [number, number][]; content: string }[]
  } | null
}

/** Once the gateway's own copy knows it, which is soon (R4). */
async function wholeAt(name: string, revision: number): Promise<Whole> {
  const whole = async () => (await fetchFor(name, '?include=rollout')).body as unknown as Whole
  await expect.poll(async () => (await whole()).revision, { timeout: 2_000 }).toBe(revision)
  return whole()
}

async function versionsOf(name: string): Promise<number[]> {
  const answers = await Promise.all(
    subjects.map((subject) => fetchFor(name, `?subject=${encodeURIComponent(subject)}`)),
  )
  for (const { status, body } of answers) {
    expect(status).toBe(200)
    expect(body).toMatchObject({ content: `Version ${String(body.version)}`, config: { version: body.version } })
    expect(Object.keys(body)).toEqual(['name', 'channel', 'version', 'revision', 'content', 'model', 'config'])
  }
  return answers.map(({ body }) => Number(body.version))
}

describe('a rollout over HTTP', () => {
  it('R1 R4: answers each subject by its bucket, and takes nobody back while it widens', async () => {
    const name = await promptWith(2)
    let onNew: string[] = []
    for (const [step, percent] of [5, 25, 50, 99].entries()) {
      const answer = await rollOut(name, [1, 100 - percent], [2, percent])
      expect(answer).toMatchObject({ status: 200, body: { version: 1, previousVersion: 1, revision: step + 2 } })
      const { rollout } = await wholeAt(name, step + 2)
      const assigned = subjects.map((subject) => rollout && armOf(rollout, subject)?.version)
      const answered = await versionsOf(name)
      expect(answered).toEqual(assigned)
      expect(await versionsOf(name)).toEqual(answered)
      const now = subjects.filter((_, index) => answered[index] === 2)
      expect(onNew.filter((subject) => !now.includes(subject))).toEqual([])
      onNew = now
    }
    expect(onNew.length).toBeGreaterThan(50)
    await post(at(name, '/activate'), { version: 2 })
    expect(await wholeAt(name, 6)).toMatchObject({ version: 2, rollout: null })
    expect(new Set(await versionsOf(name))).toEqual(new Set([2]))
  })

  it('gives the version that was live in full to who names no subject, and all versions to who asks for them', async () => {
    const name = await promptWith(3)
    expect(await wholeAt(name, 1)).toEqual({
      ...(await fetchFor(name, '')).body,
      rollout: null,
    })
    await rollOut(name, [3, 33.33], [2, 33.33], [1, 33.34])
    const { rollout, ...base } = await wholeAt(name, 2)
    expect((await fetchFor(name, '')).body).toEqual(base)
    expect(base).toMatchObject({ version: 1, revision: 2 })
    expect(rollout?.arms.map(({ version, weight, content }) => ({ version, weight, content }))).toEqual([
      { version: 1, weight: 33.34, content: 'Version 1' },
      { version: 3, weight: 33.33, content: 'Version 3' },
      { version: 2, weight: 33.33, content: 'Version 2' },
    ])
    expect((await fetchFor(name, '?include=rollout&subject=a')).body).toEqual({ ...base, rollout })
  })

  it('answers 304 only for the version that the subject still gets', async () => {
    const name = await promptWith(2)
    await rollOut(name, [1, 50], [2, 50])
    await wholeAt(name, 2)
    const versions = await versionsOf(name)
    const query = (version: number) => `?subject=${encodeURIComponent(subjects[versions.indexOf(version)] ?? '')}`
    const tag = async (search: string) => (await fetchFor(name, search)).headers.get('etag') ?? ''
    const [old, next, whole] = await Promise.all([tag(query(1)), tag(query(2)), tag('?include=rollout')])
    expect(new Set([old, next, whole]).size).toBe(3)
    const again = async (search: string, etag: string) =>
      (await fetchFor(name, search, { 'if-none-match': etag })).status
    expect(await again(query(1), old)).toBe(304)
    expect(await again(query(2), next)).toBe(304)
    expect(await again('?include=rollout', whole)).toBe(304)
    expect(await again(query(2), old)).toBe(200)
    expect(await again('?include=rollout', old)).toBe(200)
  })

  it('stands in the history with its arms, and a rollback ends it', async () => {
    const name = await promptWith(2)
    await rollOut(name, [1, 90], [2, 10])
    await rollOut(name, [1, 50], [2, 50])
    expect(await post(at(name, '/rollback'), {})).toMatchObject({ status: 200, body: { version: 1, revision: 4 } })
    const { body } = await gateway.call(at(name, '/history'), { key: gateway.keys.operator })
    expect((body.activations as { kind: string; arms?: unknown }[]).map(({ kind, arms }) => [kind, arms])).toEqual([
      ['rollback', undefined],
      [
        'rollout',
        [
          { version: 1, weight: 50 },
          { version: 2, weight: 50 },
        ],
      ],
      [
        'rollout',
        [
          { version: 1, weight: 90 },
          { version: 2, weight: 10 },
        ],
      ],
      ['activate', undefined],
    ])
    await wholeAt(name, 4)
    expect(new Set(await versionsOf(name))).toEqual(new Set([1]))
  })

  it('R3: of two rollouts at once one is refused', async () => {
    const name = await promptWith(3)
    const both = await Promise.all(
      [2, 3].map((version) =>
        post(at(name, '/rollout'), {
          arms: [
            { version: 1, weight: 90 },
            { version, weight: 10 },
          ],
          expectedRevision: 1,
        }),
      ),
    )
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const { rollout } = await wholeAt(name, 2)
    const won = both.find(({ status }) => status === 200)?.body.arms as { version: number }[]
    expect(rollout?.arms.map(({ version }) => version)).toEqual(won.map(({ version }) => version))
  })
})

describe('R13: bad input names its field and changes nothing', () => {
  const arm = (version: unknown, weight: unknown) => ({ version, weight })
  it.each([
    ['too little', { arms: [arm(1, 50), arm(2, 49)] }, 400, 'arms'],
    ['too much', { arms: [arm(1, 50), arm(2, 50.01)] }, 400, 'arms'],
    ['one arm', { arms: [arm(1, 100)] }, 400, 'arms'],
    ['no arm', { arms: [] }, 400, 'arms'],
    ['eleven arms', { arms: [...Array(10).keys()].map((n) => arm(n + 1, 9)).concat(arm(11, 10)) }, 400, 'arms'],
    ['a version twice', { arms: [arm(2, 50), arm(2, 50)] }, 400, 'arms'],
    ['no weight', { arms: [arm(1, 50), { version: 2 }] }, 400, 'arms.1.weight'],
    ['a weight of nothing', { arms: [arm(1, 100), arm(2, 0)] }, 400, 'arms.1.weight'],
    ['three decimals', { arms: [arm(1, 99.999), arm(2, 0.001)] }, 400, 'arms.0.weight'],
    ['a weight as text', { arms: [arm(1, 50), arm(2, '50')] }, 400, 'arms.1.weight'],
    ['a version as text', { arms: [arm('1', 50), arm(2, 50)] }, 400, 'arms.0.version'],
    ['a version of 2^53', { arms: [arm(1, 50), arm(2 ** 53, 50)] }, 400, 'arms.1.version'],
    ['a field of its own', { arms: [arm(1, 50), { ...arm(2, 50), salt: 'x' }] }, 400, 'arms.1.salt'],
    ['no arms', {}, 400, 'arms'],
    ['a channel with spaces', { arms: [arm(1, 50), arm(2, 50)], channel: 'my channel' }, 400, 'channel'],
    ['a channel where nothing is live', { arms: [arm(1, 50), arm(2, 50)], channel: 'staging' }, 409, 'channel'],
    ['a version that does not exist', { arms: [arm(1, 50), arm(9, 50)] }, 404, 'arms'],
    ['without what is live in full', { arms: [arm(2, 50), arm(3, 50)] }, 409, 'arms'],
    ['another revision', { arms: [arm(1, 50), arm(2, 50)], expectedRevision: 0 }, 409, 'expectedRevision'],
    ['a long reason', { arms: [arm(1, 50), arm(2, 50)], reason: 'x'.repeat(501) }, 400, 'reason'],
  ])('%s', async (_, body, status, field) => {
    const name = await promptWith(3)
    const answer = await post(at(name, '/rollout'), body)
    expect(answer).toMatchObject({ status, body: { error: { field } } })
    expect(await wholeAt(name, 1)).toMatchObject({ version: 1, rollout: null })
  })

  it('in the address', async () => {
    const name = await promptWith(1)
    for (const [query, field] of [
      [`?subject=${'x'.repeat(10_000)}`, 'subject'],
      ['?subject=', 'subject'],
      ['?subject=%00', 'subject'],
      ['?include=all', 'include'],
      ['?include=', 'include'],
    ] as const)
      expect(await fetchFor(name, query)).toMatchObject({ status: 400, body: { error: { field } } })
  })

  it('an app key may not', async () => {
    const name = await promptWith(2)
    const body = { arms: [arm(1, 50), arm(2, 50)] }
    expect((await post(at(name, '/rollout'), body, gateway.keys.app)).status).toBe(403)
  })
})

describe('a guarded rollout over HTTP', () => {
  const start = (name: string, guard: object, more: object = {}) => post(at(name, '/rollout'), { guard, ...more })
  const status = (name: string) => gateway.call(at(name, '/rollout'))

  it('serves the first step, tells how it goes, and can be let go of', async () => {
    const name = await promptWith(2)
    expect(await status(name)).toMatchObject({ status: 200, body: { version: 1, arms: null, guard: null } })
    expect(await start(name, { version: 2 }, { reason: 'Shorter' })).toMatchObject({
      status: 200,
      body: {
        revision: 2,
        arms: [
          { version: 1, weight: 95 },
          { version: 2, weight: 5 },
        ],
      },
    })
    const { body } = await status(name)
    expect(body.guard).toMatchObject({
      ...{ version: 2, baseVersion: 1, state: 'running', steps: [5, 25, 50, 100], step: 0, startedBy: 'test' },
      ...{ observeSeconds: 600, minRequests: 200, verdict: null, endedReason: null },
      limits: { costPercent: 20, latencyP95Percent: 30, errorRatePoints: 1, hitRatePoints: 5 },
    })
    const stop = () => gateway.call(at(name, '/rollout/guard?reason=Enough'), { method: 'DELETE' })
    expect((await stop()).status).toBe(204)
    expect((await status(name)).body).toMatchObject({
      arms: [{ weight: 95 }, { weight: 5 }],
      guard: { state: 'stopped', endedReason: 'Stopped by test: Enough' },
    })
    expect(await stop()).toMatchObject({ status: 409, body: { error: { field: 'channel' } } })
    await post(at(name, '/rollback'), {})
  })

  it('R13: each mistake is named by its field, and nothing changes', async () => {
    const name = await promptWith(2)
    const refused: [object, string][] = [
      [{ version: 2, steps: [5, 5, 100] }, 'guard.steps'],
      [{ version: 2, steps: [5, 50] }, 'guard.steps'],
      [{ version: 2, steps: [100] }, 'guard.steps'],
      [{ version: 2, steps: [0.5, 100] }, 'guard.steps.0'],
      [{ version: 2, observeSeconds: 10 }, 'guard.observeSeconds'],
      [{ version: 2, minRequests: 1 }, 'guard.minRequests'],
      [{ version: 2, limits: { costPercent: -1 } }, 'guard.limits.costPercent'],
      [{ version: 2, limits: { costPercent: 'a' } }, 'guard.limits.costPercent'],
      [
        {
          version: 2,
          limits: { costPercent: null, latencyP95Percent: null, errorRatePoints: null, hitRatePoints: null },
        },
        'guard.limits',
      ],
      [{ version: 9 }, 'guard.version'],
      [{ version: 1 }, 'guard.version'],
      [{ version: 2, shares: [1] }, 'guard.shares'],
      [{}, 'guard.version'],
    ]
    for (const [guard, field] of refused) {
      const { status: code, body } = await start(name, guard)
      expect([guard, body.error]).toMatchObject([guard, { field }])
      expect(code).toBeGreaterThanOrEqual(400)
      expect(code).toBeLessThan(500)
    }
    const arms = [1, 2].map((version) => ({ version, weight: 50 }))
    expect(await start(name, { version: 2 }, { arms })).toMatchObject({
      status: 400,
      body: { error: { field: 'arms' } },
    })
    expect(await post(at(name, '/rollout'), {})).toMatchObject({ status: 400, body: { error: { field: 'arms' } } })
    expect((await status(name)).body).toMatchObject({ revision: 1, arms: null, guard: null })
    expect((await gateway.call(at(name, '/rollout'), { key: gateway.keys.app })).status).toBe(403)
  })

  it('waits for a second person where its channel asks for one, and begins with its guard when it is approved', async () => {
    const name = await promptWith(2)
    const channel = `guard-${randomUUID().slice(0, 8)}`
    await post(at(name, '/activate'), { version: 1, channel })
    await setChannelApproval({ ...gateway.stores, actor: system }, { channel, required: true })
    const asked = await start(name, { version: 2 }, { channel })
    expect(asked).toMatchObject({ status: 202, body: { approval: { kind: 'rollout' } } })
    const onChannel = () => gateway.call(at(name, `/rollout?channel=${channel}`))
    expect((await onChannel()).body).toMatchObject({ arms: null, guard: null })
    const id = (asked.body.approval as { id: string }).id
    const another = { ...gateway.stores, actor: { ...system, kind: 'operator' as const, id: randomUUID(), name: 'Bo' } }
    await approveChange(another, { name, id })
    expect((await onChannel()).body).toMatchObject({
      arms: [{ weight: 95 }, { weight: 5 }],
      guard: { state: 'running', version: 2, startedBy: 'test, approved by Bo' },
    })
    await gateway.call(at(name, `/rollout/guard?channel=${channel}`), { method: 'DELETE' })
  })
})
