import { parseAsString } from 'nuqs/server'

/** Which erasure is open; the newest without it. */
export const erasuresParams = { receipt: parseAsString }
