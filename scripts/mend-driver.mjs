import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Mends postgres.js after it was installed, until a version does it itself: where a connection breaks off, it writes to a
 * socket that is gone, which ends the process, or never writes again; and it takes its connections in turn, each as cold as
 * the last (see docs/decisions/0058-the-driver-is-mended.md).
 */
const lost = `error(Errors.connection('CONNECTION_CLOSED', options, socket))`
const edits = {
  'connection.js': [
    // What was not sent when the connection went is not sent by the next one, which may send again.
    [
      'remaining = 0\n    incomings = null\n    clearImmediate(nextWriteTimer)\n',
      'remaining = 0\n    incomings = null\n    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n',
    ],
    [
      '    clearImmediate(nextWriteTimer)\n    if (socket) {\n',
      '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    if (socket) {\n',
    ],
    // Without a socket there is nothing to wait for.
    [
      '    const x = socket.write(chunk, fn)\n',
      `    if (socket === null) {\n      chunk = nextWriteTimer = null\n      ${lost}\n      return true\n    }\n    const x = socket.write(chunk, fn)\n`,
    ],
  ],
  'index.js': [
    // A transaction that lost its connection sends nothing more: by then it may be another one's.
    [
      '    let savepoints = 0\n      , connection\n',
      '    let savepoints = 0\n      , lost = null\n      , connection\n',
    ],
    [
      'new Promise((_, reject) => connection.onclose = reject)',
      'new Promise((_, reject) => connection.onclose = e => { lost = e; reject(e) })',
    ],
    [
      '        q.catch(e => uncaughtError || (uncaughtError = e))\n',
      '        q.catch(e => uncaughtError || (uncaughtError = e))\n        if (lost)\n          return q.reject(lost)\n',
    ],
    // The connection that was used last: its backend has in its caches what the next statement needs.
    ['      return go(open.shift(), query)\n', '      return go(open.pop(), query)\n'],
  ],
  'queue.js': [
    [
      '    push: (x) => (xs.push(x), x),\n',
      '    push: (x) => (xs.push(x), x),\n    pop: () => {\n      const out = xs.pop()\n      if (index === xs.length) {\n        index = 0\n        xs = []\n      }\n      return out\n    },\n',
    ],
  ],
}

const driver = fileURLToPath(new URL('../node_modules/postgres', import.meta.url))

export function mendDriver() {
  for (const folder of ['src', 'cjs/src'])
    for (const [name, pairs] of Object.entries(edits)) {
      const file = join(driver, folder, name)
      const found = readFileSync(file, 'utf8')
      const mended = pairs.reduce((text, [from, to]) => {
        if (text.includes(to)) return text
        if (text.split(from).length !== 2)
          throw new Error(`${file} is not as it was in postgres 3.4.9: see scripts/mend-driver.mjs`)
        return text.replace(from, () => to)
      }, found)
      if (mended === found) continue
      const beside = join(dirname(file), `.${name}.mended`)
      writeFileSync(beside, mended)
      renameSync(beside, file)
      console.log(`mended ${relative('.', file)}`)
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) mendDriver()
