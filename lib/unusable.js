'use strict'
// The errors that say why abi-guard can't be used here, and what to do. Loaded only in this case.
// It needs no binary.

const fs = require('node:fs')
const path = require('node:path')

/** In a variable: not every bundler can follow a `require` of a JSON file. */
const REQUIRE = 'require'
const manifest = () => module[REQUIRE]('../package.json')

/**
 * True for the errors of `unusable`: abi-guard can't judge anything here. They say nothing about
 * the app.
 */
function isUnusable({ code }) {
  return typeof code === 'string' && code.startsWith('ERR_ABI_GUARD_')
}

/**
 * Creates the error for a binary of `packageName` for `platform` that can't be loaded.
 * @param {Error & { code?: string }} cause the error of the load
 */
function unusable(cause, platform, packageName) {
  const [code, message] = reason(cause, platform, packageName)
  return Object.assign(new Error(message, { cause }), { code })
}

/** Creates the error for a Node.js that is too old for the command line. */
function outdated() {
  const { node } = manifest().engines
  const message =
    `the abi-guard command needs Node.js ${node}, but this is ${process.versions.node}: run it ` +
    'with a newer Node.js'
  return Object.assign(new Error(message), { code: 'ERR_ABI_GUARD_NODE_TOO_OLD' })
}

function reason(cause, platform, packageName) {
  switch (cause.code) {
    case 'MODULE_NOT_FOUND':
      // Another module may be missing inside of the package; then the message has another name.
      if (!cause.message.includes(packageName)) break
      return ['ERR_ABI_GUARD_BINARY_MISSING', missing(platform, packageName)]
    case 'ERR_DLOPEN_DISABLED':
      return ['ERR_ABI_GUARD_BINARY_DISABLED', `nothing can be checked: ${disabled()}`]
    case 'ERR_ACCESS_DENIED':
      return [
        'ERR_ABI_GUARD_BINARY_DISABLED',
        'nothing can be checked: with --permission the files of abi-guard must be readable: ' +
          'add --allow-fs-read=* and --allow-addons',
      ]
  }
  // Any other error is the true reason. Its text must be visible.
  const message = `the binary of abi-guard for ${platform} can't be loaded: ${cause.message}`
  return ['ERR_ABI_GUARD_BINARY_FAILED', message]
}

function disabled() {
  if (process.permission)
    return 'with --permission Node.js loads no addon, this one included: add --allow-addons'
  return (
    'Node.js was started with --no-addons, so it loads no addon, this one included: remove ' +
    'the flag'
  )
}

function missing(platform, packageName) {
  const { optionalDependencies } = manifest()
  if (!(packageName in optionalDependencies)) {
    const served = Object.keys(optionalDependencies).map((name) => name.replace(/^.*binding-/, ''))
    return (
      `there is no binary of abi-guard for ${platform}, only for ${served.join(', ')}: build ` +
      'one from source (CONTRIBUTING.md says how), or remove abi-guard on this system'
    )
  }
  const others = otherBinaries()
  const why =
    others.length > 0
      ? `The binary for ${others.join(', ')} is installed, so node_modules comes from another ` +
        'system: install the packages again on this one'
      : 'It is an optional dependency: install again without --omit=optional or ' +
        '--no-optional. If a lockfile from another system lacks it, run "npx npm@11 install"'
  return (
    `the binary of abi-guard for ${platform}, the package ${packageName}, is not ` +
    `installed. ${why}.`
  )
}

/** The platforms whose binaries are installed beside this package. */
function otherBinaries() {
  try {
    const names = fs.readdirSync(path.join(module.path, '..', '..', '@abi-guard'))
    return names
      .filter((name) => name.startsWith('binding-'))
      .map((name) => name.slice('binding-'.length))
  } catch {
    return []
  }
}

module.exports = { isUnusable, outdated, unusable }
