'use strict'
// Wraps process.dlopen. Most addons are loaded later than at the start, often in a constructor. The
// wrapper checks such an addon just before the load.

const path = require('node:path')
// Its error belongs to the start. What explains an error is required when there is one.
const native = require('../native.js')
const { request, unwrap } = require('../request.js')

/**
 * Wraps process.dlopen with the guard.
 * @param {boolean} threads true in a worker thread
 * @param {(message: string) => void} [tell] if given, it gets a warning about a load that will end
 *   the process, and the load is not prevented
 * @returns {() => void} removes the wrapper
 */
function guardDlopen(threads, tell) {
  // The target is always this process, whatever package.json says.
  const how = { target: { execPath: process.execPath }, threads }
  const original = process.dlopen
  let isActive = true
  function dlopen(...args) {
    if (!isActive) return Reflect.apply(original, this, args)
    const report = checkFirst(args[1], how)
    const refusal = report?.outcome === 'crashes' ? refuse(report, how, tell) : undefined
    if (refusal) {
      Error.captureStackTrace(refusal, dlopen)
      throw refusal
    }
    try {
      return Reflect.apply(original, this, args)
    } catch (error) {
      const better = explained(error, report, how)
      if (better !== error) Error.captureStackTrace(better, dlopen)
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
function checkFirst(filename, how) {
  try {
    const file = filename.replace(/^\\\\\?\\(?!UNC\\)/, '')
    // The system's loader searches its own folders for a name without a slash.
    if (!/[\\/]/.test(file)) return undefined
    // The loader searches a relative path from the current folder, and so does the core.
    return unwrap(native.check(path.resolve(file), request(how)))
  } catch {
    return undefined
  }
}

/**
 * The error instead of a load that would end the process. `undefined` if only a warning is printed,
 * or if the guard itself fails: the app then behaves as without it.
 */
function refuse(report, how, tell) {
  try {
    const text = textOfFile(report, how)
    if (tell) return void tell(`${report.file} will end this process.\n\n${text}`)
    const { AbiError } = require('../abi-error.js')
    return new AbiError(
      `${report.file} would end this process: abi-guard prevented the load.\n\n${text}`,
      report,
    )
  } catch {
    return undefined
  }
}

/**
 * The text of the report on the package that loads the file, because it has the fix. Without such a
 * package, the report on the file.
 */
function textOfFile(report, how) {
  const { ownerOf } = require('../owner.js')
  const { reportText } = require('../report-text.js')
  return reportText(ownerOf(report.file, how) ?? report)
}

/**
 * The loader's error with an explanation after its text, or the same error if there is no
 * explanation.
 */
function explained(error, report, how) {
  try {
    if (error?.code !== 'ERR_DLOPEN_FAILED') return error
    const { AbiError } = require('../abi-error.js')
    if (error instanceof AbiError) return error
    const { explainTexts } = require('../jobs.js')
    const [explanation] = explainTexts([error.message], {})
    const text = explanation
      ? require('../report-text.js').reportText(explanation)
      : report && !report.ok
        ? textOfFile(report, how)
        : undefined
    if (text === undefined) return error
    // The loader's text and code stay: packages read them to decide whether to try another file.
    return new AbiError(`${error.message}\n\n${text}`, report, { code: error.code, cause: error })
  } catch {
    return error
  }
}

module.exports = { guardDlopen }
