import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { promptOf, standInGateway } from './stand-in-gateway'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'engram-sdk-'))
const file = (name: string, text: string) => writeFileSync(join(folder, name), text)
const inFolder = (program: string, args: string[]) => run(program, args, { cwd: folder, timeout: 110_000 })

let gateway: Awaited<ReturnType<typeof standInGateway>>
beforeAll(async () => {
  gateway = await standInGateway()
  await run('npm', ['pack', resolve('sdk'), '--pack-destination', folder], { cwd: folder })
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  file('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  await inFolder('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`])
}, 120_000)
afterAll(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true })
})

it('installs without a network, brings nothing along, and ships no sources or tests', () => {
  const installed = join(folder, 'node_modules')
  expect(readdirSync(installed).filter((name) => !name.startsWith('.'))).toEqual(['@engram'])
  expect(readdirSync(join(installed, '@engram/sdk')).sort()).toEqual(['README.md', 'dist', 'package.json'])
  expect(readdirSync(join(installed, '@engram/sdk/dist')).filter((name) => !/\.(js|d\.ts)$/.test(name))).toEqual([])
})

it('runs under plain node, and keeps no process alive that has nothing else to do', async () => {
  gateway.answers.prompt = (name) => ({ body: promptOf(name, 4) })
  file(
    'main.js',
    `import { createEngram } from '@engram/sdk'
     const engram = createEngram({ url: ${JSON.stringify(gateway.url)}, key: 'k' })
     const connected = new Promise((resolve) => engram.on('connected', resolve))
     console.log((await engram.prompt('a')).content)
     const alive = setTimeout(() => {}, 10_000)
     await connected
     clearTimeout(alive)
     engram.usage({ tenant: 'acme', provider: 'openai', model: 'm', inputTokens: 1, outputTokens: 1 })
     if (process.argv[2] === 'close') console.log(await engram.close())`,
  )
  const beating = setInterval(() => {
    for (const { send } of gateway.streams) send('beat', { proven: performance.now() })
  }, 20)
  const began = performance.now()
  expect((await inFolder('node', ['main.js'])).stdout).toBe('Version 4\n')
  expect(performance.now() - began).toBeLessThan(9_000)
  expect(gateway.batches).toEqual([])
  expect((await inFolder('node', ['main.js', 'close'])).stdout).toBe('Version 4\n0\n')
  expect(gateway.batches).toMatchObject([[{ tenant: 'acme' }]])
  clearInterval(beating)
}, 30_000)

it('has types that hold an application to them', async () => {
  const consumer = (model: string) => `
    import { createEngram, EngramError, type Prompt, render } from '@engram/sdk'
    const engram = createEngram({ url: 'http://localhost:4000', key: 'k', usage: { batch: 100 } })
    engram.on('stale', ({ name, since }) => console.warn(name, since.toISOString()))
    const prompt: Prompt = await engram.prompt('a', { subject: 'user-1' })
    const text: string = render(prompt, { name: 'Ada', times: 3 })
    const rendered = await engram.render('a', { variables: { name: text } }).catch((error: unknown) => {
      if (error instanceof EngramError && error.code === 'not_found') return null
      throw error
    })
    const { name, version } = rendered?.prompt ?? prompt
    engram.usage({ tenant: 't', provider: 'p', ${model}, inputTokens: 1, outputTokens: 1, prompt: { name, version } })
    const left: number = await engram.close()
    console.log(left)`
  file('right.ts', consumer("model: 'm'"))
  file('wrong.ts', consumer('modle: 1'))
  const compilerOptions = {
    ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2022' },
    ...{ typeRoots: [resolve('node_modules/@types')], types: ['node'] },
  }
  file('tsconfig.json', JSON.stringify({ compilerOptions, files: ['right.ts', 'wrong.ts'] }))
  const checked = inFolder(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', '.'])
  const { stdout } = await checked.then(
    () => ({ stdout: 'no errors' }),
    (error: { stdout: string }) => error,
  )
  expect(stdout.match(/^\S+: error/gm)).toEqual([expect.stringMatching(/^wrong\.ts/)])
  expect(stdout).toContain('modle')
}, 120_000)
