'use strict'
// The arguments of the public functions: which options each function has, and the checks that turn
// what a caller gave into plain values. Every property is read once, and a wrong argument throws an
// error with a code that names it.

const path = require('node:path')
const { fileURLToPath } = require('node:url')

const CHECK = { target: 'runtime', threads: 'boolean', renderer: 'boolean', strict: 'boolean' }
const SELECTION = { include: 'names', ignore: 'names', production: 'boolean' }
const SCAN = { ...CHECK, ...SELECTION }
const { strict, target, ...USE } = CHECK

/**
 * The options of each public function: name → kind of value. A test holds this table equal to the
 * types in index.d.ts.
 */
const OPTIONS = {
  checkAbi: CHECK,
  checkPackage: { ...CHECK, from: 'path' },
  scanNodeModules: SCAN,
  assertNodeModules: SCAN,
  auditPackage: {},
  explainError: { from: 'path' },
  doctor: { target: 'runtime' },
  matrix: { targets: 'runtimes', ...USE, ...SELECTION },
  cacheKey: { directory: 'path', target: 'runtime' },
  formatReport: { color: 'boolean', width: 'number', verbose: 'boolean', from: 'path' },
}

/** What the functions of abi-guard/promises have beside the same options. */
const WATCHING = { signal: 'signal', onProgress: 'function' }
const PROMISES = {
  checkAbi: WATCHING,
  checkPackage: WATCHING,
  scanNodeModules: WATCHING,
  assertNodeModules: WATCHING,
  auditPackage: { signal: 'signal' },
  explainError: { signal: 'signal' },
  doctor: WATCHING,
  matrix: WATCHING,
}

/** The fields of a runtime spec; null stands for "not given", as in a report's `target`. */
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

/** The checks of the kinds; each gives the value as the core takes it. */
const KINDS = {
  boolean: typed('boolean', 'a boolean'),
  string: typed('string', 'a string'),
  function: typed('function', 'a function'),
  number: toWholeNumber,
  names: (name, value) => listOf(name, value, 'an array of strings', KINDS.string),
  path: toPath,
  runtime: toRuntime,
  runtimes: toRuntimes,
  signal: toSignal,
}

function typed(type, expected) {
  return (name, value) => {
    if (typeof value === type) return value
    throw invalidType(name, expected, value)
  }
}

/**
 * A copy of an object that inherits nothing: what a library has put onto Object.prototype would
 * pass for an option otherwise.
 */
const bare = (object) => Object.assign(Object.create(null), object)

/**
 * The options that a caller gave to the public function `name`, as a bare object.
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

/** The fields of a plain object as a bare one, each of them checked as `kinds` say. */
function read(name, value, expected, kinds, unknown) {
  const known = bare({})
  for (const [key, one] of fieldsOf(name, value, expected)) {
    if (!Object.hasOwn(kinds, key)) throw invalidValue(name, unknown(key))
    // In the fields of a runtime, and in place of one, null stands for "not given".
    const mayBeNull = kinds === RUNTIME || kinds[key] === 'runtime'
    if (one === undefined || (one === null && mayBeNull)) continue
    known[key] = KINDS[kinds[key]](`${name}.${key}`, one)
  }
  return known
}

/**
 * The fields of a plain object; inherited properties are none. A Proxy or a getter may throw at any
 * time.
 */
function fieldsOf(name, value, expected) {
  return keysOf(name, value, expected).map((key) => [
    key,
    attempt(`${name}.${key}`, () => value[key]),
  ])
}

/** The names of those fields. */
function keysOf(name, value, expected) {
  if (!isPlain(name, value)) throw invalidType(name, expected, value)
  return attempt(name, () => Object.keys(value))
}

/** An object literal, or one without a prototype, of any realm. */
function isPlain(name, value) {
  if (value === null || typeof value !== 'object') return false
  return attempt(name, () => {
    if (Array.isArray(value)) return false
    const prototype = Object.getPrototypeOf(value)
    return prototype === null || Object.getPrototypeOf(prototype) === null
  })
}

/** Does what may run a caller's code. */
function attempt(name, act) {
  try {
    return act()
  } catch (cause) {
    throw invalidValue(name, "it can't be read: its getter or Proxy throws", { cause })
  }
}

/** An array as a new one, its entries checked. */
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

/** A runtime spec as the core takes it. */
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

/** The `href` of a URL of any realm; `undefined` for anything else. */
function hrefOf(value) {
  try {
    const href = value !== null && typeof value === 'object' ? value.href : undefined
    return typeof href === 'string' ? href : undefined
  } catch {
    return undefined
  }
}

const isUrl = (value) => hrefOf(value) !== undefined

/** An absolute path from a path or a file: URL. */
function toPath(name, value) {
  const href = typeof value === 'string' ? undefined : hrefOf(value)
  if (href === undefined && typeof value !== 'string')
    throw invalidType(name, 'a string or a URL', value)
  const text = href === undefined ? value : pathOf(name, href)
  if (text === '') throw invalidValue(name, 'it is empty')
  if (text.includes('\0')) throw invalidValue(name, 'it contains a null byte')
  return isInOrder(text) ? text : path.resolve(text)
}

/** Node's own codes stay, as `fs` has them: ERR_INVALID_URL_SCHEME and the like. */
function pathOf(name, href) {
  try {
    return fileURLToPath(href)
  } catch (cause) {
    const { code = 'ERR_INVALID_ARG_VALUE', message } = cause
    throw Object.assign(invalidValue(name, message, { cause }), { code })
  }
}

/**
 * True for what `path.resolve` would give back as it is; it looks at every character, which takes
 * long while it isn't compiled.
 */
function isInOrder(text) {
  const has = ['//', '/./', '/../'].some((part) => text.includes(part))
  return path.sep === '/' && text.startsWith('/') && !has && !/\/\.{0,2}$/.test(text)
}

/** What to say of a name that isn't among those that are known. */
function missing(what, key, known) {
  // Loaded only here: the guard must start fast.
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

/** A TypeError with a code, worded as those of Node.js. */
function invalidType(name, expected, actual) {
  const error = new TypeError(
    `The "${name}" argument must be ${expected}. Received ${kind(actual)}`,
  )
  return coded(error, 'ERR_INVALID_ARG_TYPE', name)
}

/**
 * A TypeError for a value of the right type that is wrong all the same. `reason` is the message
 * without the name of the argument, for readers that have called no function.
 */
function invalidValue(name, reason, options) {
  const error = new TypeError(`The "${name}" argument is invalid: ${reason}`, options)
  Object.defineProperty(error, 'reason', { value: reason, configurable: true, writable: true })
  return coded(error, 'ERR_INVALID_ARG_VALUE', name)
}

/** `argument` isn't enumerable: Node.js would print it below the message, which names it. */
function coded(error, code, argument) {
  Object.defineProperty(error, 'argument', { value: argument, configurable: true, writable: true })
  return Object.assign(error, { code })
}

/** What was received, in the words of Node.js. */
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
    // Its own code throws.
  }
  return 'an object'
}

/** The beginning of a text, in quotes. */
function shown(text) {
  const { oneLine } = require('./escape.js')
  const { length } = text
  return `'${oneLine(text.slice(0, 40))}'${length > 40 ? `, of ${length} characters` : ''}`
}

module.exports = {
  OPTIONS,
  PROMISES,
  RUNTIME,
  bare,
  invalidType,
  invalidValue,
  isUrl,
  keysOf,
  missing,
  readOptions,
  toPath,
  toRuntime,
}
