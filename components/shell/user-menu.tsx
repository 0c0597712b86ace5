'use client'

import { ChevronsUpDown, LogOut, UserRound } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useRouter } from 'next/navigation'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { useOperator } from './operator'
import { signOut } from './sign-out'

export const themes = ['system', 'light', 'dark'] as const

/** Who is signed in, light or dark, and the way out. */
export function UserMenu() {
  const operator = useOperator()
  const { theme, setTheme } = useTheme()
  const router = useRouter()
  return (
    <DropdownMenu>
      <DropdownMenuTrigger className="mt-1 flex items-center gap-2 rounded-md border-t border-line px-2 pt-2 pb-1 text-left hover:bg-sunken">
        <span className="min-w-0 flex-1">
          <span className="block truncate">{operator.name}</span>
          <span className="block text-xs text-faint">{operator.role}</span>
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 text-faint" />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" side="top" className="w-48">
        <DropdownMenuLabel className="truncate">{operator.email}</DropdownMenuLabel>
        <DropdownMenuItem onSelect={() => router.push('/settings#password')}>
          <UserRound aria-hidden />
          Your password
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Theme</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={theme} onValueChange={setTheme}>
          {themes.map((name) => (
            <DropdownMenuRadioItem key={name} value={name} className="capitalize">
              {name}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut()}>
          <LogOut aria-hidden />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
