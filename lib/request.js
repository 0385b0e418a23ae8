'use strict'
// What crosses to the core and back: arguments are checked here, errors are made here, in the
// caller's own realm.

const path = require('node:path')
const { fileURLToPath } = require('node:url')

/** A TypeError with a code, worded as Node's own. */
function invalidType(name, expected, actual) {
  const got =
    actual === null ? 'null' : Array.isArray(actual) ? 'an array' : `type ${typeof actual}`
  const error = new TypeError(`The "${name}" argument must be ${expected}. Received ${got}`)
  error.code = 'ERR_INVALID_ARG_TYPE'
  return error
}

function invalidValue(name, message) {
  const error = new TypeError(`The "${name}" argument is invalid: ${message}`)
  error.code = 'ERR_INVALID_ARG_VALUE'
  return error
}

/**
 * True for what `path.resolve` would give back as it is; it looks at every character, which takes
 * long while it isn't compiled.
 */
function isInOrder(text) {
  const has = ['//', '/./', '/../'].some((part) => text.includes(part))
  return path.sep === '/' && text.startsWith('/') && !has && !/\/\.{0,2}$/.test(text)
}

/** True for a URL of any realm. */
function isUrl(value) {
  return typeof value === 'object' && value !== null && typeof value.href === 'string'
}

/** An absolute path from a path or a file: URL. */
function toPath(name, value) {
  if (!isUrl(value) && typeof value !== 'string')
    throw invalidType(name, 'a string or a URL', value)
  const text = isUrl(value) ? fileURLToPath(value.href) : value
  if (text === '') throw invalidValue(name, 'it is empty')
  if (text.includes('\0')) throw invalidValue(name, 'it contains a null byte')
  return isInOrder(text) ? text : path.resolve(text)
}

/** The fields of a runtime spec. */
const FIELDS = {
  runtime: 'string',
  version: 'string',
  abi: 'number',
  nodeApi: 'number',
  platform: 'string',
  arch: 'string',
  libc: 'string',
  libcVersion: 'string',
  execPath: 'string',
}

/**
 * A runtime spec as the core takes it; null stands for "not given", so that a report's `target` can
 * be passed back.
 */
function toTarget(spec) {
  if (spec === undefined || spec === null) return undefined
  if (typeof spec === 'string') return spec
  if (typeof spec !== 'object' || Array.isArray(spec))
    throw invalidType('target', 'a string or an object', spec)
  const fields = {}
  for (const [name, value] of Object.entries(spec)) {
    if (value === undefined || value === null) continue
    if (!Object.keys(FIELDS).includes(name))
      throw invalidValue('target', `there is no field "${name}" in it`)
    if (typeof value !== FIELDS[name])
      throw invalidType(`target.${name}`, `a ${FIELDS[name]}`, value)
    if (typeof value === 'number' && !(Number.isInteger(value) && value >= 0 && value < 2 ** 31)) {
      throw invalidValue(`target.${name}`, 'it must be a whole number')
    }
    fields[name] = value
  }
  return fields
}

const CHECK_OPTIONS = { threads: 'boolean', renderer: 'boolean', strict: 'boolean' }
const SCAN_OPTIONS = { ...CHECK_OPTIONS, include: 'array', ignore: 'array', production: 'boolean' }

/**
 * The options of `kinds` (name → type) found in `options`. Other names are left to their own
 * readers.
 */
function toOptions(options, kinds) {
  const known = {}
  for (const name in kinds) {
    const kind = kinds[name]
    const value = options[name]
    if (value === undefined) continue
    if (kind === 'array') {
      if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
        throw invalidType(`options.${name}`, 'an array of strings', value)
      }
    } else if (typeof value !== kind) {
      throw invalidType(`options.${name}`, `a ${kind}`, value)
    }
    known[name] = value
  }
  return known
}

/**
 * What this process says of itself. The ABI comes from here and is never derived from the version.
 */
function hostFacts() {
  const { versions } = process
  const runtime = ['electron', 'bun', 'deno', 'nw'].find((name) => versions[name]) ?? 'node'
  const number = (text) => (text === undefined ? null : Number.parseInt(text, 10))
  return {
    runtime,
    version: versions[runtime],
    node: versions.node,
    abi: number(versions.modules),
    nodeApi: number(versions.napi),
    platform: process.platform,
    arch: process.arch,
    execPath: process.execPath,
  }
}

let host = { text: '' }

/** The same as text, put together again only when something of it has changed. */
function hostText() {
  const { platform, arch, execPath } = process
  if (
    host.text === '' ||
    host.platform !== platform ||
    host.arch !== arch ||
    host.execPath !== execPath
  ) {
    host = { platform, arch, execPath, text: JSON.stringify(hostFacts()) }
  }
  return host.text
}

/** The request text for the core. */
function request(options, kinds) {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw invalidType('options', 'an object', options)
  }
  const asked = { target: toTarget(options.target), options: toOptions(options, kinds) }
  return `{"host":${hostText()},${JSON.stringify(asked).slice(1)}`
}

/** The value in an answer of the core; its error is thrown. */
function unwrap(answer) {
  const { value, error } = JSON.parse(answer)
  if (error === undefined) return value
  const { message, ...facts } = error
  const Kind = error.code === 'ERR_INVALID_ARG_VALUE' ? TypeError : Error
  throw Object.assign(new Kind(message), facts)
}

module.exports = {
  CHECK_OPTIONS,
  FIELDS,
  SCAN_OPTIONS,
  hostFacts,
  invalidType,
  invalidValue,
  isUrl,
  request,
  toPath,
  toTarget,
  unwrap,
}
