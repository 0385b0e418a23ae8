'use strict'
// Why abi-guard can't be used here, and what to do. Loaded only then, and so needs no binary
// itself.

const fs = require('node:fs')
const path = require('node:path')

/**
 * True for what `unusable` makes: abi-guard can't judge anything here, which says nothing of the
 * app.
 */
function isUnusable({ code }) {
  return typeof code === 'string' && code.startsWith('ERR_ABI_GUARD_')
}

/**
 * The error to throw when the binary for `platform` couldn't be loaded out of `packageName`.
 * @param {Error & { code?: string }} cause what loading it threw
 */
function unusable(cause, platform, packageName) {
  const [code, message] = reason(cause, platform, packageName)
  return Object.assign(new Error(message, { cause }), { code })
}

/** The error to throw where this Node.js lacks what the command line is made of. */
function outdated() {
  const { node } = require('../package.json').engines
  const message =
    `the command abi-guard needs Node.js ${node}, and this is ` + `${process.versions.node}`
  return Object.assign(new Error(message), { code: 'ERR_ABI_GUARD_NODE_TOO_OLD' })
}

function reason(cause, platform, packageName) {
  switch (cause.code) {
    case 'MODULE_NOT_FOUND':
      // One that the package itself would lack isn't named so.
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
  // Anything else than "not installed" is the true reason and must be seen.
  const message = `the binary of abi-guard for ${platform} can't be loaded: ${cause.message}`
  return ['ERR_ABI_GUARD_BINARY_FAILED', message]
}

function disabled() {
  if (process.permission)
    return (
      'with --permission Node.js loads no addon, neither this nor any other: add ' +
      '--allow-addons'
    )
  return (
    'Node.js was started with --no-addons, so that it loads no addon, neither this nor ' +
    'any other'
  )
}

function missing(platform, packageName) {
  const { optionalDependencies } = require('../package.json')
  if (!(packageName in optionalDependencies)) {
    const served = Object.keys(optionalDependencies).map((name) => name.replace(/^.*binding-/, ''))
    return (
      `there is no binary of abi-guard for ${platform}, only for ${served.join(', ')}: build ` +
      `one from source ` +
      '(CONTRIBUTING.md says how), or leave abi-guard out on this system'
    )
  }
  const others = otherBinaries()
  const why =
    others.length > 0
      ? `There is that of ${others.join(', ')}: node_modules comes from another system. ` +
        `Install the packages again on this one`
      : 'It is an optional dependency: install again, without --omit=optional or ' +
        '--no-optional; where a lockfile that another ' +
        'system made leaves it out, "npx npm@11 install" completes that'
  return (
    `the binary of abi-guard for ${platform}, the package ${packageName}, is not ` +
    `installed. ${why}.`
  )
}

/** Platforms whose binary lies beside this package, where npm puts it. */
function otherBinaries() {
  try {
    const names = fs.readdirSync(path.join(__dirname, '..', '..', '@abi-guard'))
    return names
      .filter((name) => name.startsWith('binding-'))
      .map((name) => name.slice('binding-'.length))
  } catch {
    return []
  }
}

module.exports = { isUnusable, outdated, unusable }
