'use strict'
// The arguments of the matchers. A wrong argument throws an error and is never a verdict.

const { statSync } = require('node:fs')
const path = require('node:path')
const { oneLine } = require('../escape.js')
const {
  OPTIONS,
  RUNTIME,
  invalidValue,
  isUrl,
  keysOf,
  missing,
  readOptions,
  toPath,
  toRuntime,
} = require('../arguments.js')
const { hostFacts } = require('../request.js')

const FIELDS = Object.keys(RUNTIME)
const CHECK = Object.keys(OPTIONS.checkAbi)

/**
 * The real facts of this process, as far as they are fields of a runtime. A test may pretend to
 * run on another platform.
 */
const FACTS = hostFacts()
const HOST = Object.fromEntries(
  FIELDS.filter((name) => name in FACTS).map((name) => [name, FACTS[name]]),
)

function thisProcess() {
  const pretends = ['platform', 'arch', 'execPath'].some((name) => process[name] !== HOST[name])
  return pretends ? HOST : { execPath: HOST.execPath }
}

/** The value of `expect`: a `.node` file, or a package by its folder or name. */
function subjectOf(value) {
  const isPath =
    isUrl(value) ||
    (typeof value === 'string' && (path.isAbsolute(value) || /^\.\.?([\\/]|$)/.test(value)))
  if (!isPath && typeof value === 'string' && value !== '' && !/\.node$/i.test(value))
    return { package: value, shown: oneLine(value) }
  const file = toPath('file', value)
  const folder = statSync(file, { throwIfNoEntry: false })?.isDirectory()
  return folder ? { package: file, shown: shown(file) } : { file, shown: shown(file) }
}

/** The options of a check, from a runtime or from options. */
function checkOptions(value) {
  if (value === undefined) return { target: thisProcess() }
  if (typeof value === 'string') return { target: value }
  const names = keysOf('target', value, 'a runtime (a string or an object) or options')
  const strange = names.find((name) => !CHECK.includes(name) && !FIELDS.includes(name))
  if (strange !== undefined)
    throw invalidValue('target', missing('field or option', strange, [...FIELDS, ...CHECK]))
  if (!names.some((name) => FIELDS.includes(name)))
    return withTarget(readOptions('checkAbi', value))
  const both = names.find((name) => CHECK.includes(name))
  if (both !== undefined)
    throw invalidValue(
      'target',
      `it has fields of a runtime and the option "${both}"; use { target: { … }, ${both} }`,
    )
  return { target: toRuntime('target', value) }
}

/** The options of a scan. */
function scanOptions(value) {
  return withTarget(readOptions('scanNodeModules', value))
}

const withTarget = (options) => ({ ...options, target: options.target ?? thisProcess() })

/** A path for a message: relative if it is below the current folder. */
function shown(file) {
  const relative = path.relative(process.cwd(), file)
  const inside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
  return oneLine(inside ? relative.split(path.sep).join('/') : file)
}

/**
 * Adds the call and the name of the argument to an error of a check.
 * @param {string} call the call in the test
 * @param {string} name the name of the value of `expect`
 * @param {string} text that value, for the message
 */
function explained(error, call, name, text) {
  const { code } = error
  if (typeof code !== 'string' || code.startsWith('ERR_ABI_GUARD_')) return error
  const Kind = code.startsWith('ERR_INVALID_ARG') ? TypeError : Error
  return Object.assign(new Kind(`${call}: ${reason(error, name, text)}`), { code })
}

function reason({ argument, code, message, reason, syscall }, name, text) {
  if (code === 'ERR_PACKAGE_NOT_FOUND') {
    const [near] = /: did you mean ".*"\?$/.exec(message) ?? []
    return (
      `The "${name}" argument is invalid: no package "${text}" is installed for this ` +
      `test${near ?? '; a file ends in .node, and a folder starts with . or /'}`
    )
  }
  if (code === 'ENOENT') return `The "${name}" argument is invalid: there is no ${text}`
  if (syscall !== undefined)
    return `The "${name}" argument is invalid: ${text} can't be read (${code})`
  // The argument of a matcher can be the runtime itself.
  if (argument === 'options.target' && reason !== undefined)
    return `The "target" argument is invalid: ${oneLine(reason)}`
  return oneLine(message)
}

module.exports = { checkOptions, explained, scanOptions, shown, subjectOf }
