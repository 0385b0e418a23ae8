// npm run bench:linking: the group `check` of npm run bench.
process.argv.push('--only=check')
await import('./bench.mjs')
