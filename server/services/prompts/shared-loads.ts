type Flight<T> = { settled: Promise<void>; next: Promise<T> | null }

/**
 * Lets calls for the same key share one load at a time, and only loads begun after the call: who comes while one is
 * under way waits for the next. Joining the one under way could answer with what was true before the call began (R4).
 */
export function sharedLoads<T>() {
  const flights = new Map<string, Flight<T>>()

  const begin = (key: string, load: () => Promise<T>): Promise<T> => {
    const result = load()
    const nothing = () => {}
    const flight: Flight<T> = { settled: result.then(nothing, nothing), next: null }
    flights.set(key, flight)
    void flight.settled.then(() => {
      if (!flight.next && flights.get(key) === flight) flights.delete(key)
    })
    return result
  }

  return (key: string, load: () => Promise<T>): Promise<T> => {
    const flight = flights.get(key)
    if (!flight) return begin(key, load)
    flight.next ??= flight.settled.then(() => begin(key, load))
    return flight.next
  }
}
