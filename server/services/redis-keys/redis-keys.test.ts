import { randomBytes, randomUUID } from 'node:crypto'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connectRedis } from '@/db/redis/client'
import { redisEnv } from '@/db/redis/env'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { rawSql } from '@/scripts/faults/raw-sql'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { deleteKey, editKey, expireKey, restoreKey } from './change-key'
import { addConnection, listConnections, removeConnection, setWritable, testConnection } from './connections'
import { pageOfKey, peekKey } from './peek-key'
import { AddConnection, type EditKey, keyTypes, type PageOfKey, ScanKeys } from './redis-keys.schema'
import { scanKeys } from './scan-keys'

const stores = connectStores('console')
const caller: Caller = { ...stores, actor: system }
/** What the tests themselves write is large, and no operator waits for it. */
const patient = connectRedis({ ...redisEnv(), name: 'redis-keys-test', deadlineMs: 30_000 })
const { commands } = patient
const sql = rawSql(process.env.DATABASE_URL ?? '')
/** A connection of this file alone: others allow and forbid changes in Engram's own Redis meanwhile. */
const here = { connection: '' }
const run = `keys-${randomUUID().slice(0, 8)}`
const made = new Set<string>()

beforeAll(async () => {
  await Promise.all([stores.redis.ready(), patient.ready()])
  const address = redisEnv().urls.join(',')
  here.connection = (await addConnection(caller, AddConnection.parse({ name: run, address }))).id
  await setWritable(caller, { ...here, writable: true })
})
afterAll(async () => {
  for (const key of made) await commands.unlink(Buffer.from(key, 'latin1'))
  await removeConnection(caller, { connection: here.connection })
  patient.close()
  await sql.end()
  await stores.close()
})

const b64 = (text: string | Buffer) => Buffer.from(text).toString('base64url')
const text = (encoded: string | null) => (encoded === null ? null : Buffer.from(encoded, 'base64url').toString())
/** A key of this run, gone at the end. */
const named = (name: string | Buffer) => {
  const key = Buffer.concat([Buffer.from(`${run}:`), Buffer.from(name)])
  made.add(key.toString('latin1'))
  return key
}
const ref = (key: Buffer) => ({ ...here, key: key.toString('base64url') })
const peekAt = async (where: { connection: string; key: string }) => {
  const facts = await peekKey(stores, where)
  if (!facts) throw new Error('no such key')
  return facts
}
const peek = (key: Buffer) => peekAt(ref(key))
const page = (key: Buffer, cursor: PageOfKey['cursor'] = null) => pageOfKey(stores, { ...ref(key), cursor })

/** Every page, one after the other. */
async function whole(key: Buffer) {
  const parts = []
  let cursor: string | null = null
  do {
    const one: Awaited<ReturnType<typeof page>> = await page(key, cursor)
    parts.push(...one.parts)
    cursor = one.next
  } while (cursor)
  return parts
}

/** Every key that matches, each once, and the steps that it took. */
async function scanned(input: Partial<ScanKeys> & { pattern: string }) {
  const found = new Map<string, string | null>()
  let steps = 0
  let cursor: string | null = null
  do {
    const step: Awaited<ReturnType<typeof scanKeys>> = await scanKeys(
      stores,
      ScanKeys.parse({ ...here, ...input, pattern: b64(input.pattern), cursor }),
    )
    for (const { key, type } of step.keys) found.set(text(key) ?? '', type)
    cursor = step.next
    steps++
  } while (cursor)
  return { found, steps }
}

describe('every type of Redis', () => {
  it('is found by pattern and by type, and shown with its length, encoding and time to live', async () => {
    const [string, hash, list, set, zset, stream, vectors] = keyTypes.map((type) => named(`types:${type}`)) as [
      ...Buffer[],
    ] as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer]
    await commands.set(string, '{"locale":"de"}', 'EX', 500)
    await commands.hset(hash, { 'a field': '1', '<b>x</b>': '<script>alert(1)</script>' })
    await commands.rpush(list, 'one', 'two', 'three')
    await commands.sadd(set, 'a', 'b')
    await commands.zadd(zset, 2.5, 'high', 'inf', 'top', -1, 'low')
    await commands.xadd(stream, '1-1', 'who', 'u-1', 'did', 'login')
    await commands.xadd(stream, '2-1', 'who', 'u-2')
    await commands.xgroup('CREATE', stream, 'readers', '0')
    const shown: readonly string[] = (await knows('VADD')) ? keyTypes : keyTypes.filter((type) => type !== 'vectorset')
    if (await knows('VADD'))
      await commands.call('VADD', [vectors, 'VALUES', 3, 1, 2, 3, 'doc-1', 'SETATTR', '{"year":2026}'])
    const { found } = await scanned({ pattern: `${run}:types:*` })
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(shown.map((type) => [`${run}:types:${type}`, type])))
    const hashes = await scanned({ pattern: `${run}:types:*`, type: 'hash' })
    expect([...hashes.found.keys()]).toEqual([`${run}:types:hash`])

    const facts = await peek(string)
    expect(facts).toMatchObject({ type: 'string', length: 15, encoding: 'embstr', family: null, fixed: null })
    expect((facts.expiresAt ?? 0) - Date.now()).toBeGreaterThan(490_000)
    expect((await whole(string)).map(({ value }) => text(value))).toEqual(['{"locale":"de"}'])
    const fields = Object.fromEntries((await whole(hash)).map(({ at, value }) => [text(at), text(value)]))
    expect(fields).toEqual({ 'a field': '1', '<b>x</b>': '<script>alert(1)</script>' })
    expect((await whole(list)).map(({ at, value }) => [text(at), text(value)])).toEqual([
      ['0', 'one'],
      ['1', 'two'],
      ['2', 'three'],
    ])
    expect((await whole(set)).map(({ at }) => text(at)).sort()).toEqual(['a', 'b'])
    expect((await whole(zset)).map(({ at, score }) => [text(at), score])).toEqual([
      ['low', '-1'],
      ['high', '2.5'],
      ['top', 'inf'],
    ])
    const entries = await whole(stream)
    expect(entries.map(({ at }) => text(at))).toEqual(['2-1', '1-1'])
    expect(entries[1]?.fields?.map(({ name, value }) => [text(name), text(value)])).toEqual([
      ['who', 'u-1'],
      ['did', 'login'],
    ])
    expect((await peek(stream)).more).toContainEqual({
      name: 'group readers',
      value: '0 consumers, 0 pending, 2 behind',
    })
    if (!shown.includes('vectorset')) return
    expect((await whole(vectors)).map(({ at, value }) => [text(at), text(value)])).toEqual([['doc-1', '{"year":2026}']])
    expect((await peek(vectors)).more).toContainEqual({ name: 'vector-dim', value: '3' })
  })

  it('pages through a hash of 100,000 fields, a list, a sorted set and a stream of thousands, each part once', async () => {
    const [hash, list, zset, stream, set] = ['hash', 'list', 'zset', 'stream', 'set'].map((one) => named(`big:${one}`)) as [
      Buffer, Buffer, Buffer, Buffer, Buffer,
    ] // prettier-ignore
    for (let at = 0; at < 100_000; at += 1_000) {
      const numbers = Array.from({ length: 1_000 }, (_, n) => at + n)
      await commands.hset(hash, Object.fromEntries(numbers.map((n) => [`field-${n}`, `value-${n}`])))
      if (at >= 3_000) continue
      await commands.rpush(list, ...numbers.map(String))
      await commands.sadd(set, ...numbers.map((n) => `m-${n}`))
      await commands.zadd(zset, ...numbers.flatMap((n) => [n, `m-${n}`]))
      await Promise.all(numbers.map((n) => commands.xadd(stream, `${n + 1}-0`, 'n', n)))
    }
    expect((await page(hash)).parts.length).toBeLessThan(1_000)
    expect(new Set((await whole(hash)).map(({ at }) => at)).size).toBe(100_000)
    expect((await whole(list)).map(({ value }) => Number(text(value)))).toEqual(
      Array.from({ length: 3_000 }, (_, n) => n),
    )
    expect(new Set((await whole(set)).map(({ at }) => at)).size).toBe(3_000)
    expect((await whole(zset)).length).toBe(3_000)
    expect((await whole(stream)).length).toBe(3_000)
  })

  it('reads a string of 20 MB by its first part only, and a large field of a hash not at all', async () => {
    const [string, hash] = [named('huge'), named('huge-field')]
    await commands.set(string, Buffer.alloc(20_000_000, 'x'))
    await commands.hset(hash, 'large', Buffer.alloc(2_000_000, 'y'), 'small', 'z')
    const before = await received()
    const facts = await peek(string)
    const first = await page(string)
    expect(facts).toMatchObject({ length: 20_000_000, undoable: false, mark: 'length:string:20000000' })
    expect(first.parts[0]?.bytes).toBe(65_536)
    expect(first.next).toBe('65536')
    // What the server sent to other tests counts too: far less than the whole string.
    expect((await received()) - before).toBeLessThan(10_000_000)
    const fields = Object.fromEntries((await whole(hash)).map((part) => [text(part.at), part]))
    expect(fields.large).toMatchObject({ value: null, bytes: 2_000_000 })
    expect(text(fields.small?.value ?? null)).toBe('z')
  })
})

/** Servers differ: vector sets came with Redis 8, HSCAN without values shortly before HGETEX. */
const knows = async (command: string) => ((await commands.call('COMMAND', ['INFO', command])) as unknown[])[0] !== null

/** Bytes that Redis has sent, to all. */
const received = async () => Number(/total_net_output_bytes:(\d+)/.exec(await commands.info('stats'))?.[1])

describe('names', () => {
  it('may hold spaces, newlines, NUL, bytes that are no text, and half a megabyte', async () => {
    const names = [' a b ', 'new\nline', 'nul\0inside', Buffer.from([0xff, 0xfe, 0x00, 0x80]), '<img src=x onerror=alert(1)>', Buffer.alloc(512_000, 'n')] // prettier-ignore
    const keys = names.map((name) => named(name))
    for (const key of keys) await commands.set(key, 'here')
    const { found } = await scanned({ pattern: `${run}:*` })
    expect(found.has(`${run}:nul\0inside`)).toBe(true)
    for (const key of keys) {
      expect((await peek(key)).type).toBe('string')
      expect(text((await page(key)).parts[0]?.value ?? null)).toBe('here')
      const { mark } = await peek(key)
      await deleteKey(caller, { ...ref(key), mark })
      expect(await peekKey(stores, ref(key))).toBeNull()
    }
  })

  it('finds what a pattern of bytes means, and a key of any name by its exact bytes only', async () => {
    await commands.set(named('glob[1]'), 'a')
    await commands.set(named('glob1'), 'b')
    expect([...(await scanned({ pattern: `${run}:glob\\[1\\]` })).found.keys()]).toEqual([`${run}:glob[1]`])
    expect([...(await scanned({ pattern: `${run}:glob[1]` })).found.keys()]).toEqual([`${run}:glob1`])
  })
})

describe('changes', () => {
  const edit = (
    key: Buffer,
    input: Pick<EditKey, 'type'> & { at?: string; before: string | null; after: string | null },
  ) =>
    editKey(caller, {
      ...ref(key),
      type: input.type,
      at: b64(input.at ?? ''),
      before: input.before === null ? null : b64(input.before),
      after: input.after === null ? null : b64(input.after),
    })
  const conflict = { code: 'conflict' }

  it('edit each type where it is still what was read, and come back by the opposite edit', async () => {
    const [string, hash, list, set, zset] = ['string', 'hash', 'list', 'set', 'zset'].map((one) => named(`edit:${one}`)) as [
      Buffer, Buffer, Buffer, Buffer, Buffer,
    ] // prettier-ignore
    await commands.set(string, 'a', 'EX', 500)
    await edit(string, { type: 'string', before: 'a', after: 'b\0c' })
    expect(await commands.getBuffer(string)).toEqual(Buffer.from('b\0c'))
    expect(await commands.ttl(string)).toBeGreaterThan(490)
    await expect(edit(string, { type: 'string', before: 'a', after: 'x' })).rejects.toMatchObject(conflict)

    await commands.hset(hash, { f: '1', g: '2' })
    await edit(hash, { type: 'hash', at: 'f', before: '1', after: '10' })
    await edit(hash, { type: 'hash', at: 'new', before: null, after: 'n' })
    await edit(hash, { type: 'hash', at: 'g', before: '2', after: null })
    expect(await commands.hgetall(hash)).toEqual({ f: '10', new: 'n' })
    await expect(edit(hash, { type: 'hash', at: 'f', before: '1', after: '11' })).rejects.toMatchObject(conflict)
    await expect(edit(hash, { type: 'hash', at: 'f', before: null, after: '11' })).rejects.toMatchObject(conflict)
    await edit(hash, { type: 'hash', at: 'new', before: 'n', after: null })
    await expect(edit(hash, { type: 'hash', at: 'f', before: '10', after: null })).rejects.toMatchObject(conflict)

    await commands.rpush(list, 'x', 'y')
    await edit(list, { type: 'list', at: '1', before: 'y', after: 'z' })
    await expect(edit(list, { type: 'list', at: '1', before: 'y', after: 'z' })).rejects.toMatchObject(conflict)
    expect(await commands.lrange(list, 0, -1)).toEqual(['x', 'z'])

    await commands.sadd(set, 'one', 'two')
    await edit(set, { type: 'set', at: 'one', before: 'one', after: 'uno' })
    await expect(edit(set, { type: 'set', at: 'uno', before: 'uno', after: 'two' })).rejects.toMatchObject(conflict)
    await edit(set, { type: 'set', at: 'two', before: 'two', after: null })
    expect(await commands.smembers(set)).toEqual(['uno'])

    await commands.zadd(zset, 1.1, 'm', 5, 'n')
    await edit(zset, { type: 'zset', at: 'm', before: '1.1', after: '2e3' })
    await edit(zset, { type: 'zset', at: 'n', before: '5', after: null })
    expect(await commands.zrange(zset, '0', '-1', 'WITHSCORES')).toEqual(['m', '2000'])
    await expect(edit(zset, { type: 'zset', at: 'm', before: '1.1', after: '3' })).rejects.toMatchObject(conflict)
    await expect(edit(zset, { type: 'zset', at: 'm', before: '2000', after: 'much' })).rejects.toMatchObject({
      field: 'after',
    })
    await expect(edit(zset, { type: 'hash', at: 'm', before: 'x', after: 'y' })).rejects.toMatchObject(conflict)
    await expect(edit(named('never'), { type: 'hash', at: 'm', before: 'x', after: 'y' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('keep the time to live of a single field', async () => {
    const key = named('field-ttl')
    await commands.hset(key, { f: '1', g: '2' })
    const support = await commands.call('HPEXPIRE', [key, 400_000, 'FIELDS', 1, 'f']).catch(() => null)
    if (support === null) return
    await edit(key, { type: 'hash', at: 'f', before: '1', after: '2' })
    const [left] = (await commands.call('HPTTL', [key, 'FIELDS', 1, 'f'])) as [number]
    expect(left).toBeGreaterThan(390_000)
  })

  it('set a time to live, change it and take it away, but not over one that another set meanwhile', async () => {
    const key = named('ttl')
    await commands.set(key, 'v')
    const later = Date.now() + 3_600_000
    await expireKey(caller, { ...ref(key), before: null, after: later })
    expect((await peek(key)).expiresAt).toBe(later)
    await expect(expireKey(caller, { ...ref(key), before: null, after: null })).rejects.toMatchObject(conflict)
    await expect(expireKey(caller, { ...ref(key), before: later, after: 1 })).rejects.toMatchObject({ field: 'after' })
    await expireKey(caller, { ...ref(key), before: later, after: null })
    expect((await peek(key)).expiresAt).toBeNull()
  })

  it('delete what was looked at, and bring it back with the time that was left', async () => {
    const key = named('undo {tag} it')
    await commands.hset(key, { a: '1', b: '2' })
    await commands.expire(key, 600)
    const { mark, expiresAt } = await peek(key)
    await commands.hset(key, 'a', 'changed')
    await expect(deleteKey(caller, { ...ref(key), mark })).rejects.toMatchObject(conflict)
    await commands.hset(key, 'a', '1')
    const gone = await deleteKey(caller, { ...ref(key), mark: (await peek(key)).mark })
    expect(await commands.exists(key)).toBe(0)
    expect(gone).toEqual({ trash: expect.any(String), expiresAt })
    const back = { ...ref(key), trash: gone.trash ?? '', expiresAt: gone.expiresAt }
    await restoreKey(caller, back)
    expect(await commands.hgetall(key)).toEqual({ a: '1', b: '2' })
    expect((await peek(key)).expiresAt).toBe(expiresAt)
    await expect(restoreKey(caller, back)).rejects.toMatchObject(conflict)
    const again = await deleteKey(caller, { ...ref(key), mark: (await peek(key)).mark })
    await commands.set(key, 'new')
    await expect(restoreKey(caller, { ...back, trash: again.trash ?? '' })).rejects.toMatchObject(conflict)
    expect(await commands.get(key)).toBe('new')
  })

  it('say beforehand that a large key cannot be brought back, and delete it without', async () => {
    const key = named('large')
    await commands.set(key, randomBytes(3_000_000))
    const { mark, undoable } = await peek(key)
    expect(undoable).toBe(false)
    await expect(deleteKey(caller, { ...ref(key), mark: 'length:string:1' })).rejects.toMatchObject(conflict)
    expect(await deleteKey(caller, { ...ref(key), mark })).toEqual({ trash: null, expiresAt: null })
    expect(await commands.exists(key)).toBe(0)
  })

  it('R10: leave an audit row that says which key and how large, never what was in it', async () => {
    const key = named('audited\0\n<b>')
    await commands.set(key, 'a secret')
    await edit(key, { type: 'string', before: 'a secret', after: 'another' })
    const rows =
      await sql`select target, before, after from audit where action = 'redis.edit-key' and target like ${`%${run}:audited%`}`
    expect(rows).toEqual([{ target: `${run}: ${run}:audited\\x00\\n<b>`, before: { bytes: 8 }, after: { bytes: 7 } }])
  })

  it('never touch what is Engram’s own, nor a Redis that is read-only', async () => {
    const key = Buffer.from(`engram:flags:{${run}}`)
    await commands.set(key, 'v', 'EX', 100)
    expect(await peek(key)).toMatchObject({ family: { name: 'flags', screen: '/flags' }, fixed: expect.stringContaining('its screen') }) // prettier-ignore
    await expect(deleteKey(caller, { ...ref(key), mark: (await peek(key)).mark })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await commands.unlink(key)
    const mine = named('read-only')
    await commands.set(mine, 'v')
    await setWritable(caller, { ...here, writable: false })
    onTestFinished(() => setWritable(caller, { ...here, writable: true }).then(() => {}))
    await expect(edit(mine, { type: 'string', before: 'v', after: 'w' })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(deleteKey(caller, { ...ref(mine), mark: (await peek(mine)).mark })).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(await commands.get(mine)).toBe('v')
  })
})

describe('connections', () => {
  const url = redisEnv().urls[0] ?? ''
  const connectionOf = (address: string, password: string | null = null) =>
    AddConnection.parse({ name: `c-${randomUUID().slice(0, 8)}`, address, password })
  const refusedWith = (message: RegExp) => ({
    code: expect.stringMatching(/^(conflict|bad_request)$/),
    field: 'address',
    message: expect.stringMatching(message),
  })

  async function withUser() {
    const user = `u-${randomUUID().slice(0, 8)}`
    await commands.call('ACL', ['SETUSER', user, 'on', '>right', '~*', '+@all'])
    onTestFinished(() => commands.call('ACL', ['DELUSER', user]).then(() => {}))
    const address = new URL(url)
    address.username = user
    return { user, address: String(address) }
  }

  it('keep the password sealed, never show it, and are read-only until an admin says otherwise', async () => {
    const { address } = await withUser()
    const withPassword = address.replace('@', ':right@')
    const { id } = await addConnection(caller, connectionOf(withPassword))
    const listed = (await listConnections(stores)).find((one) => one.id === id)
    expect(listed).toMatchObject({ hasPassword: true, writable: false, urls: [expect.not.stringContaining('right')] })
    const [row] = await sql`select sealed_password, urls::text from redis_connections where id = ${id}`
    expect(JSON.stringify(row)).not.toMatch(/right/)
    expect(JSON.stringify(await sql`select * from audit where target = ${listed?.name ?? ''}`)).not.toMatch(
      /:right@|"right"/,
    )

    const key = named('through-a-connection')
    await commands.set(key, 'v')
    const there = { connection: id, key: key.toString('base64url') }
    const { mark } = await peekAt(there)
    await expect(deleteKey(caller, { ...there, mark })).rejects.toMatchObject({ code: 'forbidden' })
    await setWritable(caller, { connection: id, writable: true })
    expect((await deleteKey(caller, { ...there, mark })).trash).not.toBeNull()
    await removeConnection(caller, { connection: id })
    await expect(peekKey(stores, there)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('say what is wrong: the password, the port, the name, the protocol, the silence', async () => {
    const { address } = await withUser()
    const test = (to: string, password: string | null = null) => testConnection(caller, connectionOf(to, password))
    await expect(test(address, 'wrong')).rejects.toMatchObject(refusedWith(/refused the user or the password/))
    await expect(test('redis://127.0.0.1:1')).rejects.toMatchObject(refusedWith(/Nothing listens/))
    await expect(test('redis://nowhere.invalid')).rejects.toMatchObject(refusedWith(/No machine is known/))
    await expect(test('redis://169.254.169.254')).rejects.toMatchObject(refusedWith(/link-local/))
    await expect(test(`${url.replace(/\/\d*$/, '')}/9999`)).rejects.toMatchObject(
      refusedWith(/no database of this number/),
    )
    const web = await listening((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await expect(test(web)).rejects.toMatchObject(refusedWith(/does not speak as a Redis does/))
    const silent = await listening(() => {})
    await expect(test(silent)).rejects.toMatchObject(refusedWith(/did not answer in time/))
    expect(AddConnection.safeParse({ name: 'x', address: 'http://example.com' }).success).toBe(false)
    await expect(test(address, 'right')).resolves.toMatchObject({
      cluster: false,
      version: expect.stringMatching(/^(Redis|Valkey) /),
    })
  })

  it('that are dropped or silent hold up nobody else, and come back when the server does', async () => {
    const link = await faultyLink(url)
    onTestFinished(link.close)
    const { id } = await addConnection(caller, connectionOf(link.url))
    const key = named('behind-a-bad-network')
    await commands.set(key, 'v')
    const there = { connection: id, key: key.toString('base64url') }
    await peekKey(stores, there)
    link.cut()
    await expect(peekKey(stores, there)).rejects.toMatchObject({ code: 'unavailable' })
    await peek(key)
    link.mend()
    await peekKey(stores, there)
    link.freeze()
    const started = performance.now()
    await expect(peekKey(stores, there)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/did not answer in time/) }) // prettier-ignore
    expect(performance.now() - started).toBeLessThan(10_000)
    await peek(key)
    link.thaw()
  })

  async function listening(greet: (socket: Socket) => void) {
    const server: Server = createServer((socket) => {
      socket.on('error', () => {})
      greet(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
})
