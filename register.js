'use strict'
// abi-guard/register: node -r abi-guard/register app.js, --import abi-guard/register, or the first
// line of the app.

const { register, unregister } = require('./lib/register/index.js')

exports.unregister = unregister

const failure = register()
// With the comment below, Node.js doesn't print this source line above the error
// (src/node_errors.cc).
if (failure) throw failure // node-do-not-add-exception-line
