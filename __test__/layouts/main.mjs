// npm run layouts [-- same|broken|bad|workspaces|places|large …]: runs the suites of those names in
// every layout. Without a name, it runs all suites except `large`, which installs more than a
// thousand packages with every manager and compiles some of them.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.suite.mjs'))
  .map((file) => file.replace('.suite.mjs', ''))
const words = process.argv.slice(2)
const unknown = words.filter((word) => !names.includes(word))
if (unknown.length > 0) {
  console.error(`there is no suite "${unknown.join('", "')}": choose from ${names.join(', ')}`)
  process.exit(2)
}
const wanted = words.length > 0 ? words : names.filter((name) => name !== 'large')
const files = wanted.map((name) => `${folder}${name}.suite.mjs`)
const { status } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...files], {
  stdio: 'inherit',
  env: { ...process.env, ABI_GUARD_LAYOUTS: 'all' },
})
process.exitCode = status ?? 1
