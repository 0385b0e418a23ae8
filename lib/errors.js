'use strict'
// An error as texts: its own, and those of what caused it. Whatever was thrown, and however its properties behave.

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
    waiting.push(property(one, 'cause'))
    const { errors } = { errors: property(one, 'errors') }
    if (Array.isArray(errors)) waiting.push(...errors.slice(0, MOST))
  }
  return texts.filter((text) => text !== '')
}

/** What an error says of itself: its message, who required what is missing, and what a child process wrote. */
function textOf(error) {
  const parts = [property(error, 'message'), property(error, 'stderr'), property(error, 'stdout')]
  const stack = property(error, 'requireStack')
  if (Array.isArray(stack)) parts.push(stack.map((file) => `- ${String(file)}`).join('\n'))
  const [message, ...rest] = parts.map((part) =>
    typeof part === 'string' || Buffer.isBuffer(part) ? part.toString() : '',
  )
  // The names of the functions say nothing; the files in the stack tell which package asked.
  const trace = property(error, 'stack')
  const files = typeof trace === 'string' && !message.includes(trace) ? trace.replace(message, '') : ''
  return [message, ...rest, files].filter((text) => text !== '').join('\n')
}

function property(object, name) {
  try {
    return object[name]
  } catch {
    return undefined
  }
}

module.exports = { textsOf }
