import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

/** The headless shell first: it draws no browser around the page, which halves the work. */
const SYSTEM = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const INSTALL = 'npx playwright install chromium'

/** Path of a Chromium: Playwright's own, else the system's; null when there is none. */
export function findBrowser(): string | null {
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  for (const name of SYSTEM) {
    const found = spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim()
    if (found) return found
  }
  return null
}

/** Finds a browser, or installs what the platform offers and says so; throws the one command to run otherwise. */
export function ensureBrowser(): string {
  const found = findBrowser()
  if (found) return found
  const root = process.getuid?.() === 0
  const install = ['playwright', 'install', ...(root ? ['--with-deps'] : []), 'chromium']
  console.log(`No browser found: trying npx ${install.join(' ')}`)
  if (spawnSync('npx', install, { stdio: 'inherit', timeout: 180_000 }).status === 0) {
    const own = findBrowser()
    if (own) return own
  }
  if (root && existsSync('/usr/bin/apt-get')) {
    console.log('That failed: installing the Debian package chromium-headless-shell')
    const apt = (...args: string[]) =>
      execFileSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    apt('update')
    apt('install', '-y', '--no-install-recommends', 'chromium-headless-shell')
    const system = findBrowser()
    if (system) return system
  }
  throw new Error(`The browser journeys need Chromium. Run: ${INSTALL}`)
}
