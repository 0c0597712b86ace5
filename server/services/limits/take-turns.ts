type Waiting<Ask, Answer> = { ask: Ask; resolve(answer: Answer): void; reject(error: unknown): void }

/**
 * Asks about one thing one after the other, and what came meanwhile together: `askAll` gets asks of one name, and answers
 * in their order. So that a row that all want is locked once per turn, not once per ask.
 */
export function takeTurns<Ask, Answer>(
  nameOf: (ask: Ask) => string,
  askAll: (asks: Ask[]) => Promise<Answer[]>,
): (ask: Ask) => Promise<Answer> {
  const queues = new Map<string, Waiting<Ask, Answer>[]>()

  async function serve(name: string, queue: Waiting<Ask, Answer>[]) {
    while (queue.length > 0) {
      const turn = queue.splice(0)
      try {
        const answers = await askAll(turn.map(({ ask }) => ask))
        for (const [place, one] of turn.entries()) {
          const answer = answers[place]
          if (answer === undefined) one.reject(new Error('An ask was not answered'))
          else one.resolve(answer)
        }
      } catch (error) {
        for (const one of turn) one.reject(error)
      }
    }
    queues.delete(name)
  }

  return (ask) =>
    new Promise((resolve, reject) => {
      const name = nameOf(ask)
      const queue = queues.get(name)
      if (queue) return void queue.push({ ask, resolve, reject })
      const fresh = [{ ask, resolve, reject }]
      queues.set(name, fresh)
      void serve(name, fresh)
    })
}
