import autocannon from 'autocannon'

/** Requests per second of a closed loop: 50 connections for the seconds given; throws when any reply is not 2xx. */
export async function requestsPerSecond(
  url: string,
  headers: Record<string, string>,
  seconds: number,
): Promise<number> {
  const result = await autocannon({ url, headers, connections: 50, duration: seconds })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} replies were not 2xx, ${result.errors} connections failed`)
  return result['2xx'] / result.duration
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
