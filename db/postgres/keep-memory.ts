/** Freed memory that a backend then keeps: twice as much. */
const BYTES = 16_000_000

/**
 * A column for a large statement that is sent often: once in a session of Postgres it takes a piece of memory and gives it back (see
 * ADR 64). glibc gives what is free beyond a bound back to the system, after every statement, and gets it anew page by page for the
 * next one; the bound is twice the largest piece that was ever given back (mallopt(3), M_MMAP_THRESHOLD). A constant would be
 * worked out by the planner each time, so the length is none.
 */
export const KEEPS_MEMORY = `case when coalesce(current_setting('engram.keeps_memory', true), '') = ''
  then set_config('engram.keeps_memory', length(repeat(' ', ${BYTES} + 0 * pg_backend_pid()))::text, false) end`
