'use strict'
// Adds the reason to asymmetric matchers, as in `{ file: expect.toBeLoadable() }`. Runners print
// only their name.

/** The message of the matcher that ran last. */
let latest

/** Keeps a matcher's message for the asymmetric matcher that called it. */
function remember(message) {
  latest = message
}

/** Makes the asymmetric matchers of `expect` say why they don't hold. */
function sayWhy(expect, names) {
  for (const owner of [expect, expect.not]) {
    for (const name of names) {
      const make = owner?.[name]
      if (typeof make !== 'function') continue
      const value = (...sample) => withReason(make(...sample))
      Object.defineProperty(owner, name, {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      })
    }
  }
}

function withReason(matcher) {
  const { asymmetricMatch, toAsymmetricMatcher } = matcher
  // A runner's own matcher in another form stays as it is.
  if (typeof asymmetricMatch !== 'function' || typeof toAsymmetricMatcher !== 'function')
    return matcher
  let reason
  const methods = {
    asymmetricMatch(other) {
      latest = undefined
      const holds = asymmetricMatch.call(matcher, other)
      reason = holds || latest === undefined ? undefined : textOf(latest())
      return holds
    },
    toAsymmetricMatcher() {
      const name = toAsymmetricMatcher.call(matcher)
      return reason === undefined ? name : `${name}\n${reason}`
    },
  }
  // Not enumerable: runners compare matchers by their own properties.
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(matcher, name, { value, configurable: true, writable: true })
  return matcher
}

/** A message without the call in its first line, indented like the values around it. */
function textOf(message) {
  const [, ...paragraphs] = message.split('\n\n')
  return paragraphs
    .flatMap((paragraph) => paragraph.split('\n'))
    .map((line) => `    ${line}`)
    .join('\n')
}

module.exports = { remember, sayWhy }
