import { promptOverHttp } from './prompt-over-http'
import { startSetting } from './setting'
import { usageIngest } from './usage-ingest'

/** `npm run bench`: each figure with what it is divided by, both measured in this run on this machine. */
const setting = await startSetting()
let missed = 0
try {
  for (const measure of [promptOverHttp, usageIngest]) {
    const { work, ours, other, unit, dividedBy, goal } = await measure(setting)
    const ratio = ours / other
    if (ratio < goal) missed++
    const round = (value: number) => Math.round(value).toLocaleString('en')
    console.log(
      `${ratio >= goal ? 'reached' : 'MISSED '}  ${work}: ${ratio.toFixed(2)} (goal ${goal}) = ${round(ours)} ${unit} / ${round(other)} ${unit} (${dividedBy})`,
    )
  }
} finally {
  await setting.stop()
}
process.exit(missed === 0 ? 0 : 1)
