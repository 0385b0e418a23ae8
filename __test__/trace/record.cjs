// Preloaded into the traced process: writes down every file given to process.dlopen before it is
// loaded, and how it all ended, one line of JSON each. Written at once, since a load may kill the
// process. Under a faked system (fake.cjs) nothing is loaded: a file of the package that the system
// would take ends the process, any other throws as there.
'use strict'
const fs = require('node:fs')
const { accepts } = require('./accept.cjs')
const { isOwn } = require('./own.cjs')
const { ABI_GUARD_TRACE, ABI_GUARD_SYSTEM, ABI_GUARD_PACKAGE } = process.env
const { existsSync, realpathSync, writeSync } = fs
const system = ABI_GUARD_SYSTEM && JSON.parse(fs.readFileSync(ABI_GUARD_SYSTEM, 'utf8'))
const host = { platform: process.platform, arch: process.arch, libc: 'glibc' }
const log = fs.openSync(ABI_GUARD_TRACE, 'a')
const write = (entry) => writeSync(log, `${JSON.stringify(entry)}\n`)

/** An error with all it was caused by, which is where napi-rs puts the true reason. */
function told(error) {
  const parts = []
  for (let one = error; one !== undefined && one !== null && parts.length < 20; one = one.cause) {
    const inner = Array.isArray(one.errors) ? one.errors.map((each) => each.message) : []
    parts.push(String(one.message ?? one), ...inner)
  }
  return {
    name: String(error?.name),
    code: error?.code ?? null,
    message: parts.join('\n'),
    stack: error?.stack,
  }
}

/** Stands for what a dependency's addon for another system exports, so that the package itself comes to its turn. */
function nothing() {}
const anything = new Proxy(nothing, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => 0 : anything),
  set: () => true,
  apply: () => anything,
  construct: () => anything,
})

const { dlopen } = process
process.dlopen = function (...args) {
  const [module, name] = args
  const file = existsSync(name) ? realpathSync(name) : null
  const own = file !== null && isOwn(ABI_GUARD_PACKAGE, file)
  if (file !== null) write({ file, own })
  try {
    if (!system || (!own && file !== null && accepts(host, file))) dlopen.apply(this, args)
    else if (!own && file !== null) module.exports = anything
    else if (file === null || !accepts(system, file))
      throw Object.assign(new Error(`${name}: invalid ELF header`), { code: 'ERR_DLOPEN_FAILED' })
    write({ loaded: file })
    if (system && own) process.reallyExit(0)
  } catch (error) {
    write({ failed: file, message: error.message })
    throw error
  }
}

const failed = (error) => write({ thrown: told(error) })
process.on('uncaughtException', (error) => (failed(error), process.exit(1)))
// The main script sets it, because only it knows when the package has finished.
process.on('abi-guard:thrown', failed)
process.on('abi-guard:done', () => write({ done: true }))

if (system) require('./fake.cjs').pretend(system)
