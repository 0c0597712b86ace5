import {
  type Confidence,
  countRatio,
  type Estimated,
  meanRatio,
  quantileDifference,
  quantileRatio,
  shareDifference,
} from './intervals'
import type { VersionFigures } from './measure-versions'

/** From one version's figures to another's: shares and latencies as differences, the others as ratios. */
export type Changes = {
  requests: Estimated
  hitRate: Estimated
  cost: Estimated
  tokens: Estimated
  latencyP50Ms: Estimated
  latencyP95Ms: Estimated
  errorRate: Estimated
}

export function compareFigures(before: VersionFigures, after: VersionFigures, confidence: Confidence): Changes {
  return {
    requests: countRatio(before.requests, after.requests, confidence),
    hitRate: hitRateDifference(before, after, confidence),
    cost: costRatio(before, after, confidence),
    tokens: meanRatio({ ...before.tokens, n: before.requests }, { ...after.tokens, n: after.requests }, confidence),
    latencyP50Ms: quantileDifference(before.latencyP50, after.latencyP50, confidence),
    latencyP95Ms: quantileDifference(before.latencyP95, after.latencyP95, confidence),
    errorRate: errorRateDifference(before, after, confidence),
  }
}

type Compare = (before: VersionFigures, after: VersionFigures, confidence: Confidence) => Estimated

export const hitRateDifference: Compare = (before, after, confidence) =>
  shareDifference({ part: before.cached, of: before.requests }, { part: after.cached, of: after.requests }, confidence)

export const errorRateDifference: Compare = (before, after, confidence) =>
  shareDifference({ part: before.errors, of: before.requests }, { part: after.errors, of: after.requests }, confidence)

export const costRatio: Compare = (before, after, confidence) =>
  meanRatio({ ...before.cost, n: before.priced }, { ...after.cost, n: after.priced }, confidence)

export const latencyP95Ratio: Compare = (before, after, confidence) =>
  quantileRatio(before.latencyP95, after.latencyP95, confidence)
