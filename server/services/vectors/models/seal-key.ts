import { sealer } from '@/server/services/sealer'

/** Of the API keys of embedding models; `id` is the model's name. */
export const { seal: sealKey, unseal: unsealKey } = sealer(
  'engram embedding models',
  'The API key of this model was kept under another AUTH_SECRET: remove the model and register it again.',
)
