import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEngram, type Engram, render } from '@/sdk/src/engram'
import { promptOf, standInGateway } from './stand-in-gateway'

let gateway: Awaited<ReturnType<typeof standInGateway>>
let engram: Engram
const contents: Record<string, string> = {
  mail: '{{> house/style}}\nDear {{ customer.name }},\n{{> house/style }}\n{{answer}}',
  'house/style': 'Write to {{customer.name}} in {{language}}.',
  ring: 'ring {{> ring 2}}',
  'ring 2': 'ring 2 {{> ring}}',
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`deep${n}`, `${n} {{> deep${n + 1}}}`])),
  deep8: '8',
}
beforeAll(async () => {
  gateway = await standInGateway()
  gateway.answers.prompt = (name) => ({ body: { ...promptOf(name, 1), content: contents[name] ?? '' } })
  engram = createEngram({ url: gateway.url, key: 'k', push: false })
})
afterAll(async () => {
  await engram.close()
  await gateway.close()
})
const of = (content: string) => ({ name: 'a', content })

it('fills variables; values stand as they are', () => {
  const variables = { a: '{{b}} $& $1', b: 2, c: false, 'd.e-f_1': '' }
  expect(render(of('{{a}} {{ b }} {{c}} [{{d.e-f_1}}] { {a}} {{1}}'), variables)).toBe(
    '{{b}} $& $1 2 false [] { {a}} {{1}}',
  )
})

it('names the variable that has no value, or leaves it', () => {
  for (const variables of [{}, { b: null }, { b: undefined }])
    expect(() => render(of('{{b}}'), variables)).toThrow(expect.objectContaining({ code: 'template', field: 'b' }))
  expect(() => render(of('{{constructor}}'), {})).toThrow(/constructor/)
  expect(render(of('{{b}} {{c}}'), { c: 1 }, { missing: 'leave' })).toBe('{{b}} 1')
})

it('fills in what a prompt includes, with the same variables', async () => {
  const { text, prompt } = await engram.render('mail', {
    variables: { 'customer.name': 'Ada', language: 'French', answer: '{{> house/style}}' },
  })
  const style = 'Write to Ada in French.'
  expect(text).toBe(`${style}\nDear Ada,\n${style}\n{{> house/style}}`)
  expect(prompt).toMatchObject({ name: 'mail', version: 1 })
})

it('refuses circles and what is deeper than five, with the path', async () => {
  await expect(engram.render('ring')).rejects.toMatchObject({
    code: 'template',
    message: expect.stringContaining('ring > ring 2 > ring'),
  })
  await expect(engram.render('deep2')).rejects.toMatchObject({ message: expect.stringContaining('deep2 > deep3') })
  expect((await engram.render('deep3')).text).toBe('3 4 5 6 7 8')
})

it('says that an include needs the gateway', () => {
  expect(() => render(of('{{> other}}'), {})).toThrow(/engram\.render\(\)/)
})

it('reads a content of a megabyte that opens braces and never closes them, at once', () => {
  const began = performance.now()
  for (const piece of ['{{>', '{{> ', '{{>a ', '{{ ', '{{a', ' ']) {
    const content = `{{>${piece.repeat(1e6 / piece.length)}`
    expect(render(of(content), { a: 1 })).toBe(content)
  }
  expect(performance.now() - began).toBeLessThan(3_000)
})
