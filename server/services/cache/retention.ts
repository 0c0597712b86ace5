/** Samples of Redis are kept this long, at their full resolution. */
export const SAMPLES_KEPT_DAYS = 14
