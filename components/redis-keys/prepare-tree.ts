import {
  bytesOfText,
  fromBase64Url,
  keyText,
  patternOfPrefix,
  toBase64Url,
} from '@/server/services/redis-keys/key-text.schema'
import type { ScannedKeys } from '@/server/services/redis-keys/scan-keys'

export type FoundKey = ScannedKeys['keys'][number]
export type Leaf = { label: string; name: string; key: string; type: string | null }
export type Folder = {
  label: string
  /** All labels from the top, as text: names the folder, and what its names begin with where it is not a family. */
  path: string
  /** False where names of the folder share more than their beginning. */
  isPrefix: boolean
  count: number
  folders: Folder[]
  leaves: Leaf[]
}

/** Names are shown, and split, up to here. */
const MOST_CHARACTERS = 300
const order = new Intl.Collator('en', { numeric: true }).compare

type Growing = { folder: Folder; inside: Map<string, Growing> }
const grow = (label: string, path: string, isPrefix: boolean): Growing => ({
  folder: { label, path, isPrefix, count: 0, folders: [], leaves: [] },
  inside: new Map(),
})

/** The keys that were found as a tree: by the parts of their names, and above that by family where asked. */
export function prepareTree(
  found: readonly FoundKey[],
  { separator, by }: { separator: string; by: 'name' | 'family' },
): Folder {
  const root = grow('', '', true)
  for (const { key, type, family } of found) {
    const name = keyText(fromBase64Url(key), MOST_CHARACTERS)
    const parts = name.split(separator)
    const last = parts.pop() ?? ''
    let at = root
    at.folder.count++
    if (by === 'family') at = step(at, family ?? OTHERS, `family ${family ?? ''}`, false)
    let path = ''
    for (const part of parts) {
      path += part + separator
      at = step(at, part + separator, path, true)
    }
    at.folder.leaves.push({ label: last === '' ? '(empty)' : last, name, key, type })
  }
  return finish(root)
}

/** The pattern of everything in a folder, base64url. */
export const patternOfFolder = ({ path }: Folder): string => toBase64Url(patternOfPrefix(bytesOfText(path)))

export const OTHERS = 'not Engram’s'

function step(at: Growing, label: string, path: string, isPrefix: boolean): Growing {
  const inside = at.inside.get(label) ?? grow(label, path, isPrefix)
  at.inside.set(label, inside)
  inside.folder.count++
  return inside
}

function finish({ folder, inside }: Growing): Folder {
  folder.folders = [...inside.values()].map(finish).sort((a, b) => order(a.label, b.label))
  folder.leaves.sort((a, b) => order(a.label, b.label))
  return folder
}
