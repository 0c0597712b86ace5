const views: Record<string, string> = {
  '/usage': 'Spend',
  '/usage/requests': 'Requests',
  '/usage/compare': 'Compare',
  '/usage/conversations': 'Conversations',
  '/usage/savings': 'Savings',
}
const names: Record<string, string> = { by: 'by', vs: 'against', tz: 'zone', problem: 'with' }
const rolling = /^(\d+)([hd])$/

/** What an address asks, in words: "Spend · last 7 d · by model". */
export function wordsOfSearch(path: string, search: string): string {
  const said = [...new URLSearchParams(search)].map(([name, value]) => {
    if (name === 'range') return value.replace(rolling, 'last $1 $2').replace('month', 'this month')
    if (name === 'sort') return `in order of ${value.replace(/\.(asc|desc)$/, '')}`
    return `${names[name] ?? name} ${value}`
  })
  return [views[path] ?? path, ...said].join(' · ')
}
