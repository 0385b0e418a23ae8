'use strict'

/**
 * Thrown where addons would not load. Its message is the whole story, as `formatReport` tells it.
 */
class AbiError extends Error {
  /**
   * @param {string} message
   * @param {object} report what was found: that of a project, or of one file
   * @param {{ code?: string, cause?: unknown }} how
   */
  constructor(message, report, { code = 'ERR_ABI_INCOMPATIBLE', ...options } = {}) {
    super(message, options)
    this.code = code
    // Not enumerable: Node.js would print all of it below the message of an uncaught error.
    Object.defineProperty(this, 'report', { value: report, configurable: true, writable: true })
  }

  /** What loggers and test runners show: the report stands in the message. */
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
