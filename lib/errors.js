'use strict'
// Turns an error into texts: its own, and those of its causes. Any thrown value is accepted, and
// its properties may throw.

/** The maximum number of errors that are read, and of entries in each list. */
const MAX_ERRORS = 100

/** The texts of `error`, its own first. Empty if it has none. */
function textsOf(error) {
  if (typeof error === 'string') return [error]
  const texts = []
  const seen = new Set()
  const waiting = [error]
  while (waiting.length > 0 && seen.size < MAX_ERRORS) {
    const one = waiting.shift()
    if (typeof one === 'string') texts.push(one)
    if (one === null || typeof one !== 'object' || seen.has(one)) continue
    seen.add(one)
    texts.push(textOf(one))
    waiting.push(property(one, 'cause'), ...list(one, 'errors'))
  }
  return texts.filter((text) => text !== '')
}

/**
 * The text of one error: its message, the modules that required the missing one, and the output of
 * a child process.
 */
function textOf(error) {
  const requirers = list(error, 'requireStack').filter((file) => typeof file === 'string')
  const [message, ...rest] = [
    text(property(error, 'message')),
    text(property(error, 'stderr')),
    text(property(error, 'stdout')),
    requirers.map((file) => `- ${file}`).join('\n'),
  ]
  // The files in the stack show which package required the addon. The function names are not
  // needed.
  const trace = text(property(error, 'stack'))
  const files = message.includes(trace) ? '' : trace.replace(message, () => '')
  return [message, ...rest, files].filter((part) => part !== '').join('\n')
}

function text(value) {
  if (typeof value === 'string') return value
  try {
    // The output of a child process. A Proxy may throw when its prototype is read.
    return Buffer.isBuffer(value) ? value.toString() : ''
  } catch {
    return ''
  }
}

function property(object, name) {
  try {
    return object[name]
  } catch {
    return undefined
  }
}

/** The first entries of an array. Empty for any other value, or if reading it throws. */
function list(object, name) {
  try {
    const value = object[name]
    return Array.isArray(value) ? value.slice(0, MAX_ERRORS) : []
  } catch {
    return []
  }
}

module.exports = { textsOf }
