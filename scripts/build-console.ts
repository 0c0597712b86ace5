import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const SOURCES = ['app', 'components', 'server', 'db', 'next.config.ts', 'package-lock.json', 'proxy.ts']
const STAMP = '.next/engram-sources'

/** Builds the console unless the build that stands is of the same sources; answers whether it built. */
export async function buildConsole(): Promise<boolean> {
  const sources = fingerprint(SOURCES)
  if (existsSync('.next/BUILD_ID') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return false
  const output: Buffer[] = []
  const code = await new Promise<number | null>((resolve) => {
    const build = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    build.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    build.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    build.once('exit', resolve)
  })
  if (code !== 0) throw new Error(`The console does not build:\n${Buffer.concat(output).toString()}`)
  mkdirSync(dirname(STAMP), { recursive: true })
  writeFileSync(STAMP, sources)
  return true
}

function fingerprint(paths: string[]): string {
  const hash = createHash('sha256')
  const walk = (path: string) => {
    if (!existsSync(path)) return
    if (statSync(path).isDirectory())
      return readdirSync(path)
        .sort()
        .forEach((name) => walk(join(path, name)))
    if (!path.endsWith('.test.ts')) hash.update(path).update(readFileSync(path))
  }
  paths.forEach(walk)
  return hash.digest('hex')
}
