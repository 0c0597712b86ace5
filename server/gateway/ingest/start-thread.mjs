import { register } from 'tsx/esm/api'

// In a thread, Node 20 takes no loader from the command line.
register()
await import('./thread.ts')
