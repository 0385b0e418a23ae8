// node scripts/binary.mjs PLATFORM: puts a release build of the binary for this platform into its package npm/PLATFORM. `npm pack`
// runs it there, so that no package is ever made without its binary, or with a debug build.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './setup.mjs'

const require = createRequire(import.meta.url)
const { platformName } = require('../lib/platform.js')

const [wanted] = process.argv.slice(2)
const folder = join(root, 'npm', String(wanted))
const file = `abi-guard.${wanted}.node`
const output = join(root, 'target', 'release-binary')

function fail(message) {
  console.error(`binary: ${message}`)
  process.exit(1)
}

if (!wanted || !existsSync(join(folder, 'package.json')))
  fail(`there is no package npm/${wanted}: name a folder of npm/`)
if (wanted !== platformName())
  fail(
    `this system makes the binary of ${platformName()}, not that of ${wanted}: run it on a system of that kind`,
  )

const napi = join(root, 'node_modules', '@napi-rs', 'cli', 'dist', 'cli.js')
if (!existsSync(napi)) fail('its tools are not installed: run npm install first')
const args = [napi, 'build', '--platform', '--release', '--no-js', '--output-dir', output]
// Standard output belongs to npm pack, which may print JSON there.
const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
if (error || status !== 0) fail(`the build failed${error ? `: ${error.message}` : ''}`)
rmSync(join(folder, file), { force: true })
copyFileSync(join(output, file), join(folder, file))
