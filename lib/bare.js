'use strict'
/**
 * A copy without a prototype. Otherwise a property that a library adds to Object.prototype would
 * look like an option.
 */
const bare = (object) => Object.assign(Object.create(null), object)

module.exports = { bare }
