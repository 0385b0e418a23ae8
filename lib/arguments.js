'use strict'
// The arguments of the public functions: the options of each function, and the checks that turn a
// caller's values into plain values. Each property is read once. A wrong argument throws an error
// with a code that names the argument.

const path = require('node:path')
const { bare } = require('./bare.js')

const CHECK = { target: 'runtime', threads: 'boolean', renderer: 'boolean', strict: 'boolean' }
const SELECTION = { include: 'names', ignore: 'names', production: 'boolean' }
const SCAN = { ...CHECK, ...SELECTION }
const { strict, target, ...USE } = CHECK

/**
 * The options of each public function: name → kind of value. A test compares this table with the
 * types in index.d.ts.
 */
const OPTIONS = {
  checkAbi: CHECK,
  checkPackage: { ...CHECK, from: 'path' },
  scanNodeModules: SCAN,
  assertNodeModules: SCAN,
  auditPackage: { platformPackages: 'paths', max: 'limits', require: 'systems' },
  checkArtifact: SCAN,
  explainError: { from: 'path' },
  doctor: { target: 'runtime' },
  matrix: { targets: 'runtimes', ...USE, ...SELECTION },
  cacheKey: { directory: 'path', target: 'runtime' },
  formatReport: { color: 'boolean', width: 'number', verbose: 'boolean', from: 'path' },
}

/** Additional options of the functions of abi-guard/promises. */
const WATCHING = { signal: 'signal', onProgress: 'function' }
const PROMISES = {
  checkAbi: WATCHING,
  checkPackage: WATCHING,
  scanNodeModules: WATCHING,
  assertNodeModules: WATCHING,
  auditPackage: { signal: 'signal' },
  checkArtifact: WATCHING,
  explainError: { signal: 'signal' },
  doctor: WATCHING,
  matrix: WATCHING,
}

/** The fields of a runtime spec. `null` means "not given", as in a report's `target`. */
const RUNTIME = {
  runtime: 'string',
  version: 'string',
  abi: 'number',
  nodeApi: 'number',
  platform: 'string',
  arch: 'string',
  libc: 'string',
  libcVersion: 'string',
  distribution: 'string',
  execPath: 'string',
  line: 'string',
}

/** The functions that create errors, for checks in other files. */
const ERRORS = { invalidValue, missing }

/** The check of each kind of value. It returns the value in the form that the core accepts. */
const KINDS = {
  boolean: typed('boolean', 'a boolean'),
  string: typed('string', 'a string'),
  function: typed('function', 'a function'),
  number: toWholeNumber,
  names: (name, value) => listOf(name, value, 'an array of strings', KINDS.string),
  path: toPath,
  paths: (name, value) => listOf(name, value, 'an array of paths', toPath),
  // Required lazily, so that the guard starts fast.
  limits: textsBy((name, text) => require('./limits.js').toLimit(name, text, ERRORS)),
  systems: textsBy((name, text) => require('./limits.js').toSystem(name, text, ERRORS)),
  runtime: toRuntime,
  runtimes: toRuntimes,
  signal: toSignal,
}

/** The check of an array of strings, each of which `check` turns into a value for the core. */
function textsBy(check) {
  return (name, value) =>
    listOf(name, value, 'an array of strings', (entry, text) =>
      check(entry, KINDS.string(entry, text)),
    )
}

function typed(type, expected) {
  return (name, value) => {
    if (typeof value === type) return value
    throw invalidType(name, expected, value)
  }
}

/**
 * The caller's options of the public function `name`, checked, as an object without a prototype.
 * @param {'sync' | 'promises'} form which of the two functions of that name was called
 */
function readOptions(name, options, form = 'sync') {
  if (options === undefined) return bare({})
  const kinds = form === 'promises' ? { ...OPTIONS[name], ...PROMISES[name] } : OPTIONS[name]
  const unknown = (key) => {
    if (form === 'sync' && Object.hasOwn(PROMISES[name] ?? {}, key))
      return `"${key}" is an option of ${name} in abi-guard/promises only`
    return missing('option', key, Object.keys(kinds))
  }
  return read('options', options, 'an object', kinds, unknown)
}

/**
 * Checks the fields of a plain object by `kinds`. Returns them as an object without a prototype.
 */
function read(name, value, expected, kinds, unknown) {
  const known = bare({})
  for (const [key, one] of fieldsOf(name, value, expected)) {
    if (!Object.hasOwn(kinds, key)) throw invalidValue(name, unknown(key))
    // `null` means "not given" for a runtime and for the fields of a runtime.
    const mayBeNull = kinds === RUNTIME || kinds[key] === 'runtime'
    if (one === undefined || (one === null && mayBeNull)) continue
    known[key] = KINDS[kinds[key]](`${name}.${key}`, one)
  }
  return known
}

/** The own fields of a plain object. A Proxy or a getter may throw at any time. */
function fieldsOf(name, value, expected) {
  return keysOf(name, value, expected).map((key) => [
    key,
    attempt(`${name}.${key}`, () => value[key]),
  ])
}

/** The names of the own fields of a plain object. */
function keysOf(name, value, expected) {
  if (!isPlain(name, value)) throw invalidType(name, expected, value)
  return attempt(name, () => Object.keys(value))
}

/** True for an object literal or an object without a prototype, from any realm. */
function isPlain(name, value) {
  if (value === null || typeof value !== 'object') return false
  return attempt(name, () => {
    if (Array.isArray(value)) return false
    const prototype = Object.getPrototypeOf(value)
    return prototype === null || Object.getPrototypeOf(prototype) === null
  })
}

/** Calls `act`, which may run the caller's code (a getter or a Proxy). */
function attempt(name, act) {
  try {
    return act()
  } catch (cause) {
    throw invalidValue(name, "it can't be read: its getter or Proxy throws", { cause })
  }
}

/** A copy of an array with checked entries. */
function listOf(name, value, expected, check) {
  if (!attempt(name, () => Array.isArray(value))) throw invalidType(name, expected, value)
  const entries = attempt(name, () => Array.from(value))
  return entries.map((entry, index) => check(`${name}[${index}]`, entry))
}

function toWholeNumber(name, value) {
  if (typeof value !== 'number') throw invalidType(name, 'a number', value)
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value
  throw invalidValue(name, `it must be a whole number from 0 to ${2 ** 31 - 1}, not ${value}`)
}

/** A runtime spec in the form that the core accepts. */
function toRuntime(name, spec) {
  if (typeof spec === 'string') return spec
  const unknown = (key) => missing('field', key, Object.keys(RUNTIME))
  return read(name, spec, 'a runtime (a string or an object)', RUNTIME, unknown)
}

function toRuntimes(name, specs) {
  const runtimes = listOf(name, specs, 'an array of runtimes', toRuntime)
  if (runtimes.length === 0)
    throw invalidValue(name, 'it is empty: name a runtime, or leave it out')
  return runtimes
}

function toSignal(name, signal) {
  const isSignal =
    signal !== null &&
    typeof signal === 'object' &&
    attempt(name, () => typeof signal.aborted === 'boolean' && isTarget(signal))
  if (!isSignal) throw invalidType(name, 'an AbortSignal', signal)
  return signal
}

const isTarget = (signal) =>
  typeof signal.addEventListener === 'function' && typeof signal.removeEventListener === 'function'

/** The `href` of a URL from any realm, or `undefined` for any other value. */
function hrefOf(value) {
  try {
    const href = value !== null && typeof value === 'object' ? value.href : undefined
    return typeof href === 'string' ? href : undefined
  } catch {
    return undefined
  }
}

const isUrl = (value) => hrefOf(value) !== undefined

/** Turns a path or a `file:` URL into an absolute path. */
function toPath(name, value) {
  const href = typeof value === 'string' ? undefined : hrefOf(value)
  if (href === undefined && typeof value !== 'string')
    throw invalidType(name, 'a string or a URL', value)
  const text = href === undefined ? value : pathOf(name, href)
  if (text === '') throw invalidValue(name, 'it is empty')
  if (text.includes('\0')) throw invalidValue(name, 'it contains a null byte')
  return isInOrder(text) ? text : path.resolve(text)
}

/** Errors keep the codes of Node.js (ERR_INVALID_URL_SCHEME and others), as in `fs`. */
function pathOf(name, href) {
  try {
    return require('node:url').fileURLToPath(href)
  } catch (cause) {
    const { code = 'ERR_INVALID_ARG_VALUE', message } = cause
    throw Object.assign(invalidValue(name, message, { cause }), { code })
  }
}

/**
 * True for a path that `path.resolve` would not change. `path.resolve` looks at every character,
 * which is slow until it is compiled.
 */
function isInOrder(text) {
  const has = ['//', '/./', '/../'].some((part) => text.includes(part))
  return path.sep === '/' && text.startsWith('/') && !has && !/\/\.{0,2}$/.test(text)
}

/** The message about an unknown name, with the nearest known one. */
function missing(what, key, known) {
  // Required lazily, so that the guard starts fast.
  const { oneLine } = require('./escape.js')
  const { nearest } = require('./nearest.js')
  const near = nearest(key, known)
  const advice = near === undefined ? others(known) : `: did you mean "${near}"?`
  return `there is no ${what} "${oneLine(key)}"${advice}`
}

function others(known) {
  if (known.length === 0) return ''
  const rest = known.slice(0, -1)
  return `; there ${rest.length > 0 ? `are ${rest.join(', ')} and` : 'is'} ${known.at(-1)}`
}

/** A TypeError with a code and with the wording of Node.js. */
function invalidType(name, expected, actual) {
  const error = new TypeError(
    `The "${name}" argument must be ${expected}. Received ${kind(actual)}`,
  )
  return coded(error, 'ERR_INVALID_ARG_TYPE', name)
}

/**
 * A TypeError for a wrong value of the right type. `reason` is the message without the name of the
 * argument. The command line prints `reason`, because its user has called no function.
 */
function invalidValue(name, reason, options) {
  const error = new TypeError(`The "${name}" argument is invalid: ${reason}`, options)
  Object.defineProperty(error, 'reason', { value: reason, configurable: true, writable: true })
  return coded(error, 'ERR_INVALID_ARG_VALUE', name)
}

/** `argument` isn't enumerable: otherwise Node.js prints it again below the message. */
function coded(error, code, argument) {
  Object.defineProperty(error, 'argument', { value: argument, configurable: true, writable: true })
  return Object.assign(error, { code })
}

/** Describes the received value with the wording of Node.js. */
function kind(value) {
  if (value === null || typeof value === 'undefined') return String(value)
  if (typeof value === 'string') return `type string (${shown(value)})`
  if (['number', 'boolean', 'bigint'].includes(typeof value))
    return `type ${typeof value} (${value})`
  if (typeof value !== 'object') return `type ${typeof value}`
  try {
    if (Array.isArray(value)) return 'an array'
    const { name } = value.constructor
    if (/^[A-Z_a-z]\w{0,60}$/.test(name)) return `an instance of ${name}`
  } catch {
    // The value's own code threw an error.
  }
  return 'an object'
}

/** The first 40 characters of a text, in quotes. */
function shown(text) {
  const { oneLine } = require('./escape.js')
  const { length } = text
  return `'${oneLine(text.slice(0, 40))}'${length > 40 ? `, of ${length} characters` : ''}`
}

module.exports = {
  OPTIONS,
  PROMISES,
  RUNTIME,
  invalidType,
  invalidValue,
  isUrl,
  keysOf,
  missing,
  readOptions,
  toPath,
  toRuntime,
}
