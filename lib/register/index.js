'use strict'
// The work of abi-guard/register: a scan at the start, and a guard for addons that are loaded
// later. What only a broken app needs is required lazily, from files outside of the bundle
// (scripts/bundle.mjs).

const { mistakeInEnvironment, modeOf, modeOfEnvironment, settingsOf } = require('../mode.js')
const { setOwn } = require('../own.js')
const { mainScript } = require('../root.js')
const { isInstalling, isWorker, rootsOfApp } = require('./entry.js')

/**
 * The time limit of a scan in milliseconds. A folder may be huge, or on a disk that doesn't answer.
 */
const TIME_LIMIT = 10_000

let undo

/**
 * Starts to guard this process.
 * @param {NodeModule} entry the module of register.js. Its parent requires the guard
 * @returns {Error | undefined} the AbiError to throw
 */
function register(entry) {
  if (undo) return undefined
  setOwn(entry)
  if (modeOfEnvironment() === 'off') return debug('ABI_GUARD is off: nothing is guarded')
  try {
    guard(entry.parent)
  } catch (error) {
    if (error.code === 'ERR_ABI_INCOMPATIBLE') return require('./stack.js').withoutFrames(error)
    require('../tell.js').tellFailure(error)
  }
  return undefined
}

function guard(parent) {
  if (isInstalling(mainScript()))
    return debug('nothing is guarded: this process installs or repairs packages')
  const mistake = mistakeInEnvironment()
  const inWorker = isWorker()
  if (mistake && !inWorker) tell(mistake)
  const projects = rootsOfApp(parent).map((root) => ({ root, settings: settingsOf(root) }))
  const mode = modeOf(projects[0]?.settings ?? {})
  if (mode === 'off') return debug(`nothing is guarded: the mode of ${projects[0].root} is off`)
  // Required lazily: it throws if the binary is missing.
  const { guardDlopen } = require('./dlopen.js')
  undo = guardDlopen(inWorker, mode === 'warn' ? tell : undefined)
  for (const { root, settings } of projects) check(root, settings)
  if (inWorker) debug('this worker thread is guarded: each addon is checked when it is loaded')
  else if (projects.length === 0) tell(require('./nowhere.js').nowhere())
}

function check(root, settings) {
  const { guardJob, passed } = require('../guard.js')
  const { unwrap } = require('../request.js')
  const start = process.hrtime()
  const { job, mode } = guardJob(root, {}, { settings })
  let answer
  try {
    answer = unwrap(job.runWithin(TIME_LIMIT))
  } catch (error) {
    if (error.code !== 'ABORT_ERR') throw error
    return tell(
      `${root} could not be scanned in ${TIME_LIMIT / 1000} s: each addon is checked when it is ` +
        'loaded',
    )
  }
  debug(() => {
    const { target, packages } = answer
    const [seconds, nanoseconds] = process.hrtime(start)
    const milliseconds = Math.round(seconds * 1e3 + nanoseconds / 1e6)
    const runtime = `${target.runtime} ${target.version} (${target.platform}-${target.arch})`
    return `guards ${root}: ${runtime}, native packages: ${packages}, ${milliseconds} ms`
  })
  passed(answer, mode)
}

const tell = (message) => require('../tell.js').tell(message)

/**
 * Prints what is guarded, if NODE_DEBUG asks for it. `util.debuglog` would load another module of
 * Node.js.
 * @param {string | (() => string)} message
 */
function debug(message) {
  const { NODE_DEBUG } = process.env
  if (!NODE_DEBUG || !/(^|[\s,])(abi-guard|\*)($|[\s,])/i.test(NODE_DEBUG)) return
  tell(typeof message === 'string' ? message : message())
}

/** Removes the guard. */
function unregister() {
  undo?.()
  undo = undefined
}

module.exports = { register, unregister }
