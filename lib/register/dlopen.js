'use strict'
// process.dlopen, guarded: an addon that is loaded later than at the start (most are, in some
// constructor) is looked at just before.

const { isMainThread } = require('node:worker_threads')
const { AbiError } = require('../abi-error.js')
const { checkFile, explainTexts } = require('../jobs.js')
const { ownerOf } = require('../owner.js')
const { unwrap } = require('../request.js')
const { storyOf } = require('../story.js')

/** Always this process, whatever package.json names. */
const HOW = { target: { execPath: process.execPath }, threads: !isMainThread }

/**
 * Puts the guard in front of process.dlopen.
 * @param {(message: string) => void} [tell] what is called instead of stopping a load that would
 *   end the process
 * @returns {() => void} takes it away again
 */
function guardDlopen(tell) {
  const original = process.dlopen
  let isActive = true
  function dlopen(...args) {
    if (!isActive) return Reflect.apply(original, this, args)
    const report = foresee(args[1])
    try {
      if (report?.outcome === 'crashes') stop(report, tell)
      return Reflect.apply(original, this, args)
    } catch (error) {
      const better = explained(error, report)
      if (better instanceof AbiError) Error.captureStackTrace(better, dlopen)
      throw better
    }
  }
  // Tools look at both.
  Object.defineProperty(dlopen, 'length', { value: original.length, configurable: true })
  process.dlopen = dlopen
  return () => {
    isActive = false
    // Where somebody has wrapped it in turn, it stays below, and does nothing any more.
    if (process.dlopen === dlopen) process.dlopen = original
  }
}

/**
 * What loading the file will do; `undefined` where that can't be told. The guard must not be what
 * fails.
 */
function foresee(filename) {
  try {
    const file = filename.replace(/^\\\\\?\\(?!UNC\\)/, '')
    // The system's loader looks for a bare name in folders of its own.
    if (!/[\\/]/.test(file)) return undefined
    return unwrap(checkFile(file, HOW))
  } catch {
    return undefined
  }
}

/** Throws in place of a load that would end the process, or only tells of it. */
function stop(report, tell) {
  const story = storyOfFile(report)
  if (tell) return tell(`${report.file} ends this process now.\n\n${story}`)
  throw new AbiError(
    `${report.file} would end this process: abi-guard keeps it from being loaded.\n\n${story}`,
    report,
  )
}

/** The package that loads the file tells what fixes it; the file alone does where there is none. */
function storyOfFile(report) {
  return storyOf(ownerOf(report.file, HOW) ?? report)
}

/** The loader's error with what it means behind its text; itself where nothing is known of it. */
function explained(error, report) {
  try {
    if (error?.code !== 'ERR_DLOPEN_FAILED' || error instanceof AbiError) return error
    const [explanation] = explainTexts([error.message], {})
    const story = explanation
      ? storyOf(explanation)
      : report && !report.ok
        ? storyOfFile(report)
        : undefined
    if (story === undefined) return error
    // Its own text and code stay: packages look at them to decide where to go on.
    return new AbiError(`${error.message}\n\n${story}`, report, { code: error.code, cause: error })
  } catch {
    return error
  }
}

module.exports = { guardDlopen }
