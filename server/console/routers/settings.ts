import { router, viewer } from '@/server/console/trpc'
import { serverEnv } from '@/server/env'
import { mayDo } from '@/server/services/change'
import { createKey } from '@/server/services/keys/create-key'
import { firstCallOfKey } from '@/server/services/keys/first-call-of-key'
import { CreateKey, KeyId } from '@/server/services/keys/keys.schema'
import { listKeys } from '@/server/services/keys/list-keys'
import { revokeKey } from '@/server/services/keys/revoke-key'
import { createSignInLink } from '@/server/services/operators/create-sign-in-link'
import { disableOperator } from '@/server/services/operators/disable-operator'
import { enableOperator } from '@/server/services/operators/enable-operator'
import { inviteOperator } from '@/server/services/operators/invite-operator'
import { listOperators } from '@/server/services/operators/list-operators'
import {
  OperatorAddress,
  InviteOperator,
  OperatorId,
  SetPassword,
  SetRole,
} from '@/server/services/operators/operators.schema'
import { setPassword } from '@/server/services/operators/set-password'
import { setRole } from '@/server/services/operators/set-role'
import { SetApproval } from '@/server/services/prompts/approvals.schema'
import { listChannels } from '@/server/services/prompts/list-channels'
import { setChannelApproval } from '@/server/services/prompts/set-channel-approval'
import { SetRetention } from '@/server/services/usage/retention.schema'
import { setRetention } from '@/server/services/usage/set-retention'
import { usageRetention } from '@/server/services/usage/usage-retention'
import { webhooks } from './webhooks'

const channels = router({
  list: viewer.query(({ ctx }) => listChannels(ctx.stores)),
  setApproval: viewer.input(SetApproval).mutation(({ ctx, input }) => setChannelApproval(ctx.caller, input)),
})

const operators = router({
  list: viewer.query(({ ctx }) => listOperators(ctx.stores)),
  invite: viewer.input(InviteOperator).mutation(({ ctx, input }) => inviteOperator(ctx.caller, input)),
  setRole: viewer.input(SetRole).mutation(({ ctx, input }) => setRole(ctx.caller, input)),
  disable: viewer.input(OperatorId).mutation(({ ctx, input }) => disableOperator(ctx.caller, input)),
  enable: viewer.input(OperatorId).mutation(({ ctx, input }) => enableOperator(ctx.caller, input)),
  createSignInLink: viewer.input(OperatorAddress).mutation(({ ctx, input }) => createSignInLink(ctx.caller, input)),
  setPassword: viewer.input(SetPassword).mutation(({ ctx, input }) => setPassword(ctx.caller, input)),
})

const keys = router({
  list: viewer.query(({ ctx }) => listKeys(ctx.stores)),
  create: viewer.input(CreateKey).mutation(({ ctx, input }) => createKey(ctx.caller, input)),
  revoke: viewer.input(KeyId).mutation(({ ctx, input }) => revokeKey(ctx.caller, input)),
  firstCall: viewer.input(KeyId).query(({ ctx, input }) => firstCallOfKey(ctx.stores, input)),
})

const retention = router({
  read: viewer.query(({ ctx }) => usageRetention(ctx.stores)),
  set: viewer.input(SetRetention).mutation(({ ctx, input }) => setRetention(ctx.caller, input)),
})

export const settings = router({
  operators,
  keys,
  channels,
  retention,
  webhooks,
  /** What the page needs to write the lines that connect an application. */
  connect: viewer.query(({ ctx }) => ({
    gatewayUrl: serverEnv().gatewayUrl,
    mayCreateKeys: mayDo(ctx.operator.role, 'keys.create'),
  })),
})
