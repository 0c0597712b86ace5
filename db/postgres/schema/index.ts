import { apiKeys } from './keys'
import { promptApprovals, promptChannels } from './approvals'
import { audit } from './audit'
import { budgetAlerts, budgets, budgetStates } from './budgets'
import { cacheLookups, redisSamples } from './cache'
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
import { guardedRollouts } from './rollouts'
import { redisPrice } from './savings'
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
  guardedRollouts,
  llmUsage,
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
  redisPrice,
  redisSamples,
  tenants,
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
