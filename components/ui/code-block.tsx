import { CopyButton } from './copy-button'

/** Text to copy whole: a command, a key, a snippet. Long lines scroll inside it. */
export function CodeBlock({ code, label = 'Copy' }: { code: string; label?: string }) {
  return (
    <div className="flex items-start rounded-md border border-line bg-sunken">
      <pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto px-2.5 py-1.25 font-mono text-sm leading-5">
        {code}
      </pre>
      <CopyButton text={code} label={label} iconOnly />
    </div>
  )
}
