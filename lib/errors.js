'use strict'
// An error as texts: its own, and those of what caused it. Whatever was thrown, and however its
// properties behave.

/** Longest chain that is followed. */
const MOST = 100

/** The texts of `error`, its own first; none for what has none. */
function textsOf(error) {
  if (typeof error === 'string') return [error]
  const texts = []
  const seen = new Set()
  const waiting = [error]
  while (waiting.length > 0 && seen.size < MOST) {
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
 * What an error says of itself: its message, who required what is missing, and what a child process
 * wrote.
 */
function textOf(error) {
  const requirers = list(error, 'requireStack').filter((file) => typeof file === 'string')
  const [message, ...rest] = [
    text(property(error, 'message')),
    text(property(error, 'stderr')),
    text(property(error, 'stdout')),
    requirers.map((file) => `- ${file}`).join('\n'),
  ]
  // The names of the functions say nothing; the files in the stack tell which package asked.
  const trace = text(property(error, 'stack'))
  const files = message.includes(trace) ? '' : trace.replace(message, () => '')
  return [message, ...rest, files].filter((part) => part !== '').join('\n')
}

function text(value) {
  if (typeof value === 'string') return value
  try {
    // What a child process wrote. To ask a Proxy for its prototype may throw.
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

/** An array's first entries; none for what is no array, or doesn't let itself be read. */
function list(object, name) {
  try {
    const value = object[name]
    return Array.isArray(value) ? value.slice(0, MOST) : []
  } catch {
    return []
  }
}

module.exports = { textsOf }
