// Preloaded into every process that another one starts: when that one is gone, even by kill -9, this one ends too.
if (process.send) {
  process.channel?.unref()
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}
