import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { count } from '@/components/format/count'
import { Button } from '@/components/ui/button'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import type { Folder, Leaf } from './prepare-tree'
import { typeName } from './key-words'

type Chosen = { selected: string | null; onSelect: (key: string) => void; onDelete: ((folder: Folder) => void) | null }

const STEP = 200

/** Folders and keys; what is not open is not drawn. */
export function KeyTree({ root, ...chosen }: { root: Folder } & Chosen) {
  return (
    <div
      data-memory="redis"
      className="max-h-[65vh] min-h-64 overflow-auto py-1"
      tabIndex={0}
      role="group"
      aria-label="Keys found"
    >
      <Inside folder={root} depth={0} {...chosen} />
    </div>
  )
}

function Inside({ folder, depth, ...chosen }: { folder: Folder; depth: number } & Chosen) {
  const [shown, setShown] = useState(STEP)
  const { folders, leaves } = folder
  const left = folders.length + leaves.length - shown
  return (
    <ul>
      {folders.slice(0, shown).map((inside) => (
        <FolderRow key={inside.path} folder={inside} depth={depth} {...chosen} />
      ))}
      {leaves.slice(0, Math.max(0, shown - folders.length)).map((leaf) => (
        <LeafRow key={leaf.key} leaf={leaf} depth={depth} {...chosen} />
      ))}
      {left > 0 && (
        <li className="px-3.5 py-1">
          <Button variant="ghost" onClick={() => setShown(shown + STEP)}>
            Show {count(Math.min(STEP, left))} more of {count(left)}
          </Button>
        </li>
      )}
    </ul>
  )
}

const rowLook =
  'flex min-w-0 flex-1 items-center gap-1.5 py-0.5 pr-2 text-left font-mono text-sm leading-5 hover:bg-sunken'
const indent = (depth: number) => ({ paddingLeft: `${0.875 + depth * 0.9}rem` })

function FolderRow({ folder, depth, ...chosen }: { folder: Folder; depth: number } & Chosen) {
  const [open, setOpen] = useState(false)
  const { label, path, isPrefix } = folder
  return (
    <li>
      <div className="group flex items-center">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className={rowLook}
          style={indent(depth)}
        >
          <ChevronRight
            aria-hidden
            className={cn('size-3.5 shrink-0 text-faint transition-transform', open && 'rotate-90')}
          />
          <span className="truncate" title={path}>
            {label}
          </span>
          <span className="ml-auto pl-2 font-sans text-muted tabular-nums">{count(folder.count)}</span>
        </button>
        {chosen.onDelete && isPrefix && (
          <Button
            variant="ghost"
            className="mr-2 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-md:opacity-100"
            aria-label={`Delete all under ${path}`}
            onClick={() => chosen.onDelete?.(folder)}
          >
            Delete…
          </Button>
        )}
      </div>
      {open && <Inside folder={folder} depth={depth + 1} {...chosen} />}
    </li>
  )
}

function LeafRow({ leaf, depth, selected, onSelect }: { leaf: Leaf; depth: number } & Chosen) {
  const { key, label, name, type } = leaf
  const isSelected = selected === key
  return (
    <li className={cn('flex', isSelected && 'bg-sunken shadow-[inset_2px_0_var(--memory)]')}>
      <button
        type="button"
        aria-pressed={isSelected}
        onClick={() => onSelect(key)}
        className={rowLook}
        style={indent(depth)}
        title={name}
      >
        <span aria-hidden className="w-3.5 shrink-0" />
        <span className="truncate">{label}</span>
        {type && (
          <span className="ml-auto pl-2">
            <Badge>{typeName(type)}</Badge>
          </span>
        )}
      </button>
    </li>
  )
}
