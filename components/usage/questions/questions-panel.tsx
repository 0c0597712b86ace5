'use client'

import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/feedback/panel'
import { dayTime } from '@/components/format/instant'
import { useOperator } from '@/components/shell/operator'
import { useTimezone } from '@/components/shell/timezone'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { SavedQuestion } from '@/server/services/usage/questions/list-questions'
import { builtIn } from './built-in'
import { useDeleteQuestion } from './use-delete-question'
import { wordsOfSearch } from './words-of-search'

/** Views that are asked for again and again, each with what it asks; those that come with the console first. */
export function QuestionsPanel({ now }: { now: string }) {
  const timezone = useTimezone()
  const questions = useQuery(useTRPC().usage.questions.queryOptions())
  const state = useUsageState(questions, 'the saved questions')
  return (
    <Panel title="Questions" memory="postgres" note="a click asks them anew" state={state} minHeight={160}>
      <ul aria-label="Questions">
        {builtIn.map((one) => (
          <Question key={one.name} asked={one} by="comes with Engram" />
        ))}
        {questions.data?.map((one) => (
          <Question
            key={one.id}
            asked={one}
            by={`${one.createdBy}, ${dayTime(one.createdAt, timezone, now)}`}
            saved={one}
          />
        ))}
      </ul>
      {questions.data?.length === 0 && (
        <p className="border-t border-line px-3.5 py-2.5 text-muted">
          Any view of usage can be kept here: choose its filters and range, then press the bookmark beside them.
        </p>
      )}
    </Panel>
  )
}

type Asked = { name: string; path: string; search: string }

function Question({ asked: { name, path, search }, by, saved }: { asked: Asked; by: string; saved?: SavedQuestion }) {
  const { role } = useOperator()
  const remove = useDeleteQuestion()
  return (
    <li className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3.5 py-2 last:border-b-0">
      <Link href={`${path}${search}`} className="min-w-0 truncate font-medium hover:underline">
        {name}
      </Link>
      <span className="min-w-0 truncate text-sm text-muted">{wordsOfSearch(path, search)}</span>
      <span className="ml-auto flex items-center gap-1 text-sm text-muted">
        {by}
        {saved && role !== 'viewer' && (
          <Button variant="ghost" size="icon" aria-label={`Delete ${name}`} onClick={() => remove(saved)}>
            <Trash2 aria-hidden />
          </Button>
        )}
      </span>
    </li>
  )
}
