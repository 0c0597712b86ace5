/** When a check speaks up. Units are in the names; shares and points are ratios of one. */
export const thresholds = {
  hitRateFallPoints: 0.1,
  /** Fewer look-ups or requests on either side of a step prove nothing. */
  stepMinCount: 300,
  /** A step must be this many standard errors high, so that chance does not make one. */
  stepStandardErrors: 4,
  costPerRequestRiseShare: 0.3,
  /** An activation this long before a step is named with it. */
  activationBeforeStepSeconds: 600,
  errorShare: 0.05,
  memoryShare: 0.9,
  workerSilentSeconds: 30,
} as const
