import { apiKeys } from './keys'
import { promptApprovals, promptChannels } from './approvals'
import { audit } from './audit'
import { budgetAlerts, budgets, budgetStates } from './budgets'
import { cacheLookups, keyFamilies, redisCensuses, redisCommandMinutes, redisSamples, redisSlowCommands } from './cache'
import { jobs } from './jobs'
import {
  embeddingModels,
  memory,
  memoryActivity,
  memoryPartitions,
  memoryRecalls,
  memoryReEmbeddings,
  memorySamples,
  memorySearches,
  memorySettings,
} from './memory'
import { kvCounts, kvDuels, kvLogged, kvNamespaces, kvUnlogged, storeMarks } from './kv'
import { erasures, signingKeys } from './erasures'
import { limitCounters, limitCounts, limitPolicies, limitPolicyHistory } from './limits'
import { flagChanges, flagOverrides, flags } from './flags'
import {
  leaderboardChecks,
  leaderboardEvents,
  leaderboards,
  leaderboardScores,
  leaderboardSnapshots,
} from './leaderboards'
import { conversations, messages } from './conversations'
import { operatorAccounts, operators, operatorSessions, operatorVerifications } from './operators'
import { outbox } from './outbox'
import {
  priceAliases,
  priceBook,
  priceCorrectionRows,
  priceCorrections,
  priceCorrectionSlices,
  priceOverrides,
} from './prices'
import { processes } from './processes'
import { promptActivations, promptConfirmations, promptDeployments, prompts, promptVersions } from './prompts'
import { usageMonths, usageRetention } from './retention'
import { savedQuestions, toldDays } from './questions'
import { redisConnections, redisPatternDeletes } from './redis-connections'
import { guardedRollouts } from './rollouts'
import { redisPrice } from './savings'
import { sessionChecks, sessionLogoutKeys, sessionLogouts } from './sessions'
import { sessionNamespaces, sessionsUnlogged, sessionTurnsUnlogged } from './table-sessions'
import { tenants } from './tenants'
import { llmUsage, prices, usageDeltas, usageEvents, usageHourly, usageHourlyUsers } from './usage'
import { usageChecks } from './usage-checks'
import { webhookDeliveries, webhooks } from './webhooks'

/** Every table, for drizzle's client; code imports the table it means from its own file. */
export const schema = {
  apiKeys,
  audit,
  budgetAlerts,
  budgets,
  budgetStates,
  cacheLookups,
  conversations,
  erasures,
  flagChanges,
  flagOverrides,
  flags,
  guardedRollouts,
  jobs,
  keyFamilies,
  kvCounts,
  kvDuels,
  kvLogged,
  kvNamespaces,
  kvUnlogged,
  leaderboardChecks,
  leaderboardEvents,
  leaderboards,
  leaderboardScores,
  leaderboardSnapshots,
  limitCounters,
  limitCounts,
  limitPolicies,
  limitPolicyHistory,
  llmUsage,
  messages,
  embeddingModels,
  memory,
  memoryActivity,
  memoryPartitions,
  memoryRecalls,
  memoryReEmbeddings,
  memorySamples,
  memorySearches,
  memorySettings,
  operatorAccounts,
  operators,
  operatorSessions,
  operatorVerifications,
  outbox,
  priceAliases,
  priceBook,
  priceCorrectionRows,
  priceCorrections,
  priceCorrectionSlices,
  priceOverrides,
  prices,
  processes,
  promptActivations,
  promptApprovals,
  promptChannels,
  promptConfirmations,
  promptDeployments,
  prompts,
  promptVersions,
  redisCensuses,
  redisCommandMinutes,
  redisConnections,
  redisPatternDeletes,
  redisPrice,
  redisSamples,
  redisSlowCommands,
  savedQuestions,
  sessionChecks,
  sessionLogoutKeys,
  sessionLogouts,
  sessionNamespaces,
  sessionsUnlogged,
  sessionTurnsUnlogged,
  signingKeys,
  storeMarks,
  tenants,
  toldDays,
  usageChecks,
  usageDeltas,
  usageEvents,
  usageHourly,
  usageHourlyUsers,
  usageMonths,
  usageRetention,
  webhookDeliveries,
  webhooks,
}
