// npm run publish:all [-- --dry-run]: publishes the platform packages, then the root, which depends on them: whoever installs it finds them
// all. Every binary is checked first, and nothing is published when one is wrong. What is published already is left alone, so that a
// run that broke off can be repeated.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup.mjs'
import { inspect } from './inspect.mjs'
import { outdated } from './packages.mjs'
import { fileOf, packageOf, platforms } from './table.mjs'

const isTrial = process.argv.includes('--dry-run')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

function fail(message) {
  console.error(`publish: ${message}`)
  process.exit(1)
}

/** Runs npm; its output is shown where it fails. */
function npm(args, cwd) {
  const { status, stdout, stderr, error } = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return { ok: !error && status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` }
}

function publish(name, folder) {
  if (!isTrial && npm(['view', `${name}@${version}`, 'version'], root).output.includes(version)) {
    console.log(`${name}@${version}: is published already`)
    return
  }
  // The binaries are checked above; scripts would only do it again.
  const args = [
    'publish',
    '--ignore-scripts',
    '--access',
    'public',
    ...(isTrial ? ['--dry-run'] : ['--provenance']),
  ]
  const { ok, output } = npm(args, folder)
  if (!ok) fail(`${name}@${version}: npm ${args.join(' ')} failed:\n${output}`)
  console.log(`${name}@${version}: ${isTrial ? 'would be published' : 'published'}`)
}

const changes = outdated()
if (changes.length > 0) fail(`${changes[0][0]} isn't up to date: run "npm run packages"`)
const wrong = platforms.flatMap((one) => {
  const file = join(root, 'npm', one.name, fileOf(one))
  return inspect(one, file).wrong.map((sentence) => `${one.name}: ${sentence}`)
})
if (wrong.length > 0) fail(wrong.join('\n'))
for (const one of platforms) publish(packageOf(one), join(root, 'npm', one.name))
publish('abi-guard', root)
