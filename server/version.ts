import manifest from '@/package.json'

/** Of Engram, as the footer, the gateway and `processes` tell it. */
export const version: string = manifest.version
