/** What latencies from bins may be off by: as `LATENCY_ERROR` of the bins. */
const ERROR = 0.02
export const errorText = '± 2\u00a0%'

/** Whether two latencies that may each be off differ by more than that explains. */
export const tellsApart = (now: number, was: number): boolean => now > was * WIDEST || was > now * WIDEST
/** Two values of neighbouring bins are this far apart; half a millisecond of rounding is beneath it. */
const WIDEST = ((1 + ERROR) / (1 - ERROR)) * 1.001
