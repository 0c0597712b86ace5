import { parentPort } from 'node:worker_threads'

/**
 * Counts tokens away from the event loop of its process. The library's time grows with the square of a piece between two
 * word boundaries, so longer pieces are cut: 1 MB of one letter takes 0.1 s instead of minutes. Prose has none as long.
 */
const LONGEST_PIECE = 128
/** The library's own cache, 100,000 pieces, gets slower than no cache once it is full. */
const CACHED_PIECES = 1_000

const load = {
  o200k_base: async () => {
    const { O200K_TOKEN_SPLIT_REGEX } = await import('gpt-tokenizer/encodingParams/constants')
    return { pieces: O200K_TOKEN_SPLIT_REGEX, ...(await import('gpt-tokenizer/encoding/o200k_base')) }
  },
  cl100k_base: async () => {
    const { CL100K_TOKEN_SPLIT_REGEX } = await import('gpt-tokenizer/encodingParams/constants')
    return { pieces: CL100K_TOKEN_SPLIT_REGEX, ...(await import('gpt-tokenizer/encoding/cl100k_base')) }
  },
}
/** What looks like a control token is text to a prompt. */
const asText = { disallowedSpecial: new Set() }

function count(content, { pieces, countTokens }) {
  let [tokens, from] = [0, 0]
  for (const { 0: piece, index } of content.matchAll(pieces)) {
    if (piece.length <= LONGEST_PIECE) continue
    tokens += countTokens(content.slice(from, index), asText)
    for (const part of cut(piece)) tokens += countTokens(part, asText)
    from = index + piece.length
  }
  return tokens + countTokens(content.slice(from), asText)
}

function* cut(piece) {
  for (let at = 0; at < piece.length;) {
    // Not in the middle of a surrogate pair.
    const end = at + LONGEST_PIECE
    const next = end + Number(/[\uDC00-\uDFFF]/.test(piece.charAt(end)))
    yield piece.slice(at, next)
    at = next
  }
}

parentPort.on('message', async ({ content, tokenizer }) => {
  const encoding = await load[tokenizer]()
  encoding.setMergeCacheSize(CACHED_PIECES)
  parentPort.postMessage(count(content, encoding))
})
