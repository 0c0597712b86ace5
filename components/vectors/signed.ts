import { percentText } from '@/components/format/percent'

/** A ratio as a percentage that always says its direction: +24.0 %. */
export const signed = (ratio: number) => `${ratio > 0 ? '+' : ''}${percentText(ratio)}`
