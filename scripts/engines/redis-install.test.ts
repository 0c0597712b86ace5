import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'

import { findRedis } from './redis'
import { installRedis } from './redis-install'

const bin = mkdtempSync(join(tmpdir(), 'engram-path-'))
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(bin, { recursive: true, force: true })
})

function pathWith(...programs: string[]) {
  rmSync(bin, { recursive: true, force: true })
  const dir = mkdtempSync(bin)
  for (const name of programs) {
    writeFileSync(join(dir, name), '#!/bin/sh\nexit 1\n')
    chmodSync(join(dir, name), 0o755)
  }
  vi.stubEnv('PATH', dir)
  return dir
}

test('redis-server is preferred, valkey-server does as well, neither is null', () => {
  expect(pathWith('valkey-server')).toBe(findRedis()?.replace('/valkey-server', ''))
  const both = pathWith('valkey-server', 'redis-server')
  expect(findRedis()).toBe(join(both, 'redis-server'))
  pathWith()
  expect(findRedis()).toBeNull()
})

test('where it may not install, it says the one command to run on this platform', async () => {
  pathWith('dnf')
  await expect(installRedis()).rejects.toThrow(/Run: sudo dnf install -y redis/)
  pathWith('apt-get')
  vi.spyOn(process, 'getuid').mockReturnValue(1000)
  const say = vi.fn()
  await expect(installRedis(say)).rejects.toThrow(/Run: sudo apt-get update && sudo apt-get install -y redis-server/)
  expect(say).not.toHaveBeenCalled()
})
