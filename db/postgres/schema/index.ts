import { apiKeys } from './keys'
import { audit } from './audit'
import { cacheLookups, redisSamples } from './cache'
import { operatorAccounts, operators, operatorSessions, operatorVerifications } from './operators'
import { outbox } from './outbox'
import { processes } from './processes'
import { promptActivations, promptDeployments, prompts, promptVersions } from './prompts'
import { tenants } from './tenants'
import { llmUsage, prices, usageDeltas, usageEvents, usageHourly, usageHourlyUsers } from './usage'

/** Every table, for drizzle's client; code imports the table it means from its own file. */
export const schema = {
  apiKeys,
  audit,
  cacheLookups,
  llmUsage,
  operatorAccounts,
  operators,
  operatorSessions,
  operatorVerifications,
  outbox,
  prices,
  processes,
  promptActivations,
  promptDeployments,
  prompts,
  promptVersions,
  redisSamples,
  tenants,
  usageDeltas,
  usageEvents,
  usageHourly,
  usageHourlyUsers,
}
