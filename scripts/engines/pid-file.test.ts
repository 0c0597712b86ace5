import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

import { ownAs, waitForOwner } from './pid-file'

const home = mkdtempSync(join(tmpdir(), 'engram-owner-'))
const pidFile = join(home, 'store.pid')
const thisProgram = basename(process.execPath)
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('data that a living engine uses is refused, naming the process', async () => {
  ownAs(process.pid, pidFile)
  await expect(waitForOwner(pidFile, thisProgram, 100)).rejects.toThrow(
    `Process ${process.pid} is still using this data`,
  )
  expect(existsSync(pidFile)).toBe(true)
})

test('data whose owner lets go in time is taken over', async () => {
  ownAs(process.pid, pidFile)
  const waiting = waitForOwner(pidFile, thisProgram, 5_000)
  rmSync(pidFile)
  await waiting
})

test('a pid that is gone, or belongs to another program by now, owns nothing', async () => {
  ownAs(process.pid, pidFile)
  await waitForOwner(pidFile, 'some-other-engine', 0)
  ownAs(2 ** 22 + 1, pidFile)
  await waitForOwner(pidFile, thisProgram, 0)
  expect(existsSync(pidFile)).toBe(false)
})
