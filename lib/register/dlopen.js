'use strict'
// Wraps process.dlopen. Most addons are loaded later than at the start, often in a constructor. The
// wrapper checks such an addon just before the load.

const { isMainThread } = require('node:worker_threads')
const { AbiError } = require('../abi-error.js')
const { checkFile, explainTexts } = require('../jobs.js')
const { ownerOf } = require('../owner.js')
const { unwrap } = require('../request.js')
const { reportText } = require('../report-text.js')

/** The target is always this process, whatever package.json says. */
const HOW = { target: { execPath: process.execPath }, threads: !isMainThread }

/**
 * Wraps process.dlopen with the guard.
 * @param {(message: string) => void} [tell] if given, it gets a warning about a load that will end
 *   the process, and the load is not prevented
 * @returns {() => void} removes the wrapper
 */
function guardDlopen(tell) {
  const original = process.dlopen
  let isActive = true
  function dlopen(...args) {
    if (!isActive) return Reflect.apply(original, this, args)
    const report = checkFirst(args[1])
    try {
      if (report?.outcome === 'crashes') stop(report, tell)
      return Reflect.apply(original, this, args)
    } catch (error) {
      const better = explained(error, report)
      if (better instanceof AbiError) Error.captureStackTrace(better, dlopen)
      throw better
    }
  }
  // Some tools read the name and the length of the function.
  Object.defineProperty(dlopen, 'length', { value: original.length, configurable: true })
  process.dlopen = dlopen
  return () => {
    isActive = false
    // If another tool has wrapped this function, it stays in place and only calls the original.
    if (process.dlopen === dlopen) process.dlopen = original
  }
}

/**
 * The report on the file that will be loaded, or `undefined` if the check fails. An error of the
 * guard must not prevent a load.
 */
function checkFirst(filename) {
  try {
    const file = filename.replace(/^\\\\\?\\(?!UNC\\)/, '')
    // The system's loader searches its own folders for a name without a slash.
    if (!/[\\/]/.test(file)) return undefined
    return unwrap(checkFile(file, HOW))
  } catch {
    return undefined
  }
}

/** Throws instead of a load that would end the process, or only prints a warning. */
function stop(report, tell) {
  const text = textOfFile(report)
  if (tell) return tell(`${report.file} will end this process.\n\n${text}`)
  throw new AbiError(
    `${report.file} would end this process: abi-guard prevented the load.\n\n${text}`,
    report,
  )
}

/**
 * The text of the report on the package that loads the file, because it has the fix. Without such a
 * package, the report on the file.
 */
function textOfFile(report) {
  return reportText(ownerOf(report.file, HOW) ?? report)
}

/**
 * The loader's error with an explanation after its text, or the same error if there is no
 * explanation.
 */
function explained(error, report) {
  try {
    if (error?.code !== 'ERR_DLOPEN_FAILED' || error instanceof AbiError) return error
    const [explanation] = explainTexts([error.message], {})
    const text = explanation
      ? reportText(explanation)
      : report && !report.ok
        ? textOfFile(report)
        : undefined
    if (text === undefined) return error
    // The loader's text and code stay: packages read them to decide whether to try another file.
    return new AbiError(`${error.message}\n\n${text}`, report, { code: error.code, cause: error })
  } catch {
    return error
  }
}

module.exports = { guardDlopen }
