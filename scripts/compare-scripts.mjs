// npm run compare:scripts [-- folder…]: reads every script below some folders with abi-guard's
// reader and with a full JavaScript parser, and prints the differences. Without folders, it reads
// the dependencies of this checkout, and the packages that `npm run trace` has installed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'
import { inCache } from './support/cache.mjs'

const given = process.argv.slice(2)
const usual = [join(root, 'node_modules'), inCache('trace')].filter((folder) => existsSync(folder))
const crate = join(root, '__test__', 'scripts-by-oxc', 'Cargo.toml')
const { status } = spawnSync(
  'cargo',
  ['run', '--release', '--quiet', '--locked', '--manifest-path', crate, '--'].concat(
    given.length > 0 ? given : usual,
  ),
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
