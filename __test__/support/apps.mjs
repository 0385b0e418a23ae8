// Small apps with native packages, and every installed Node.js to start them.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { write } from '../layouts/installed.mjs'
import { listNodes } from '../../scripts/support/matrix/index.mjs'
import { install } from '../../scripts/support/matrix/install.mjs'
import { runtimes } from '../../scripts/support/lane.mjs'
import { writePackage } from './addons.mjs'

export const checkout = resolve(fileURLToPath(new URL('../..', import.meta.url)))

const work = []
after(() => {
  for (const folder of work) rmSync(folder, { recursive: true, force: true })
})

/** A project with native packages of these kinds, a link to abi-guard, and `main.js`. */
export async function app(kinds, main, { manifest = {}, files = {} } = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-register-')))
  work.push(folder)
  const dependencies = Object.fromEntries(kinds.map((kind) => [`native-${kind}`, '1.0.0']))
  write(folder, {
    'package.json': { name: 'app', version: '1.0.0', dependencies, ...manifest },
    'main.js': main,
    ...files,
  })
  for (const kind of kinds) await writePackage(join(folder, 'node_modules', `native-${kind}`), kind)
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  symlinkSync(checkout, join(folder, 'node_modules', 'abi-guard'), 'dir')
  return folder
}

/** Runs a program to its end. */
export function run(program, args, { cwd, env = {}, timeout = 60_000 } = {}) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD|NODE_|ABI_GUARD)/.test(name),
  )
  return new Promise((settle) => {
    const options = { cwd, env: { ...Object.fromEntries(own), ...env }, timeout }
    execFile(program, args, options, (error, stdout, stderr) => {
      settle({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr })
    })
  })
}

/** Runs the running Node.js. */
export const node = (args, how) => run(process.execPath, args, how)

/** Code that loads an addon and prints the result. */
export const trying = (name) => `
  try { require(${JSON.stringify(name)}); console.log('loaded') } catch (error) {
    console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message, stack: error.stack,
      cause: error.cause && { name: error.cause.name, code: error.cause.code, message: error.cause.message } }))
  }`

/** The arguments that start an app with the guard. */
export const ways = {
  '-r': (main) => ['-r', 'abi-guard/register', main],
  '--import': (main) => ['--import', 'abi-guard/register', main],
}

/**
 * Every installed Node.js that abi-guard supports, oldest first. @returns {Promise<{ version:
 * string, execPath: string }[]>}
 */
export async function supportedNodes() {
  await install(runtimes, { log() {} })
  return listNodes(runtimes).filter(({ version }) => !/^(16\.[0-9]\.|18\.[0-2]\.)/.test(version))
}
