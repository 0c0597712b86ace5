'use client'

import { useEffect, useState } from 'react'
import { Input } from './input'

const PAUSE_MS = 250

/** A filter by text: tells what was typed after a pause, and follows the value when that changes by itself. */
export function TextFilter({
  label,
  placeholder,
  value,
  onChange,
}: {
  label: string
  placeholder: string
  value: string | null
  onChange: (value: string | null) => void
}) {
  const [typed, setTyped] = useState({ text: value ?? '', of: value })
  if (typed.of !== value) setTyped({ text: typed.text.trim() === value ? typed.text : (value ?? ''), of: value })
  const { text } = typed
  useEffect(() => {
    if (text.trim() === (value ?? '')) return
    const timer = setTimeout(() => onChange(text.trim() || null), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <Input
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={({ target }) => setTyped({ text: target.value, of: value })}
      className="w-52 max-w-full"
      autoComplete="off"
      spellCheck={false}
    />
  )
}
