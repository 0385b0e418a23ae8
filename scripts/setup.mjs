// Prepares a checkout: installs its dependencies and creates the debug build of the addon. Results
// that are up to date are kept: a stamp beside each records its inputs. All messages go to standard
// error, so that the output of `npm start -- --json` is JSON.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const windows = process.platform === 'win32'

/** A requirement that the user must fulfill first. */
export class SetupError extends Error {}

export function setup() {
  installDependencies()
  buildAddon()
}

function installDependencies() {
  const stamp = join(root, 'node_modules', '.abi-guard-stamp')
  const [nodeMajor] = process.versions.node.split('.')
  const wanted = `${hashOf([join(root, 'package-lock.json')])} node ${nodeMajor}`
  if (read(stamp) === wanted) return
  console.error('setup: installing dependencies')
  // Not `npm ci`: it rejects a lockfile without a platform package that a registry mirror didn't
  // have when the file was created (npm/cli#4828). With --no-save, the versions are still those of
  // the lockfile, and the file is unchanged.
  run('npm', [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ])
  writeFileSync(stamp, wanted)
}

function buildAddon() {
  const stamp = join(root, 'target', 'addon-stamp')
  const files = ['Cargo.toml', 'Cargo.lock', 'build.rs'].map((name) => join(root, name))
  const rust = versionOf('rustc')
  // The generators of tables are in the same folders, but not a part of the addon.
  const sources = filesIn(join(root, 'src')).filter((file) => !file.endsWith('.mjs'))
  const wanted = `${hashOf([...files, ...sources])} ${rust}`
  if (
    read(stamp) === wanted &&
    readdirSync(root).some((name) => /^abi-guard\..+\.node$/.test(name))
  )
    return
  versionOf('cargo')
  console.error(`setup: building the addon with ${rust} (about a minute the first time)`)
  run('npm', ['run', '--silent', 'build:debug'])
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** The version that a Rust program prints, as in `rustc 1.95.0 (…)`. */
function versionOf(program) {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8', cwd: root }).trim()
  } catch (cause) {
    if (cause.code !== 'ENOENT') throw cause
    const [, wanted] = /rust-version = "(.+)"/.exec(read(join(root, 'Cargo.toml')))
    const message = `${program} was not found: install Rust ${wanted} or newer (https://rustup.rs), then run this again`
    throw new SetupError(message, { cause })
  }
}

/** Every file below a folder, in a fixed order. */
function filesIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}

/** The hash of the names and contents of files. */
function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Runs a program; its output goes to standard error. */
function run(command, args) {
  // On Windows, npm is a .cmd file, which only a shell can start.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  })
  if (error) throw error
  if (status !== 0)
    throw new SetupError(`"${command} ${args.join(' ')}" failed; what it said stands above`)
}

/** Sets up the checkout, or prints the reason and ends the process with 2. */
export function setupOrExit() {
  try {
    setup()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.error(`setup: ${error.message}`)
    process.exit(2)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setupOrExit()
