import { AppError } from '@/server/errors'

/** What a Redis or the way to it says, by how it begins, and what that means for whoever asked. */
const meanings: [RegExp, (message: string, name: string) => AppError][] = [
  [/^WRONGPASS/, (_, name) => new AppError('conflict', `${name} refused the user or the password.`)],
  [/^NOAUTH|without any password|Authentication required/i, (_, name) =>
    new AppError('conflict', `${name} asks for a password: the connection has none.`)],
  [/^NOPERM/, (message, name) => new AppError('conflict', `${name} does not allow it to this user: ${plain(message)}`)],
  [/^READONLY/, (_, name) => new AppError('conflict', `${name} is a replica: nothing can be changed there.`)],
  [/^WRONGTYPE/, () => new AppError('conflict', 'This key has another type by now: open it again.')],
  [/^OOM/, (_, name) => new AppError('conflict', `${name} has no memory left for it.`)],
  [/^(LOADING|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|MISCONF|MAXCLIENTS|UNKILLABLE)|max number of clients/, (message, name) =>
    new AppError('unavailable', `${name} cannot answer right now: ${plain(message)}`)],
  [/DB index is out of range/, (_, name) => new AppError('bad_request', `${name} has no database of this number.`)],
  [/cluster support disabled/, (_, name) => new AppError('bad_request', `${name} is no cluster: give one address.`)],
  [/Unknown RESP type|Protocol error/, (_, name) => new AppError('bad_request', `${name} does not speak as a Redis does.`)],
  [/ENOTFOUND|EAI_AGAIN/, (_, name) => new AppError('unavailable', `No machine is known by the name in the address of ${name}.`)],
  [/ECONNREFUSED/, (_, name) => new AppError('unavailable', `Nothing listens at the address of ${name}: the connection was refused.`)],
  [/ECONNRESET|EPIPE|Connection is closed|isn't writeable/, (_, name) =>
    new AppError('unavailable', `${name} dropped the connection; try again.`)],
  [/timed out|ETIMEDOUT/i, (_, name) =>
    new AppError('unavailable', `${name} did not answer in time; a server that expects TLS, or none, is silent in the same way.`)],
  [/certificate|SSL|TLS/i, (message, name) => new AppError('unavailable', `TLS with ${name} failed: ${plain(message)}`)],
  [/startup nodes|Failed to refresh slots/, (_, name) => new AppError('unavailable', `No node of the cluster ${name} answers.`)],
] // prettier-ignore

/** One line of what was said, without what it was said about. */
const plain = (message: string) => (message.split('\n')[0] ?? '').slice(0, 200)

/** An error of a Redis as an operator may read it; what is our own mistake stays unknown. */
export function redisSaid(error: unknown, name: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  const text = `${'code' in error && typeof error.code === 'string' ? error.code : ''} ${error.message}`.trim()
  const [, mean] = meanings.find(([pattern]) => pattern.test(text)) ?? []
  if (!mean) return error
  const { code, message } = mean(error.message, name)
  return new AppError(code, message, { cause: error })
}
