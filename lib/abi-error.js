'use strict'

/** Thrown if addons can't load. Its message is the report as `formatReport` prints it. */
class AbiError extends Error {
  /**
   * @param {string} message
   * @param {object} report the report on the project, or on the one file
   * @param {{ code?: string, cause?: unknown }} how
   */
  constructor(message, report, { code = 'ERR_ABI_INCOMPATIBLE', ...options } = {}) {
    super(message, options)
    this.code = code
    // Not enumerable: otherwise Node.js prints the whole report below the message of an uncaught
    // error.
    Object.defineProperty(this, 'report', { value: report, configurable: true, writable: true })
  }

  /** Loggers and test runners call this. The message already contains the report. */
  toJSON() {
    const { name, code, message } = this
    return { name, code, message }
  }
}
Object.defineProperty(AbiError.prototype, 'name', {
  value: 'AbiError',
  configurable: true,
  writable: true,
})

module.exports = { AbiError }
