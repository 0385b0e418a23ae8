'use strict'
// abi-guard/register: node -r abi-guard/register app.js, --import abi-guard/register, or the first
// line of the app.

const { register, unregister } = require('./lib/register/index.js')

exports.unregister = unregister

const failure = register()
if (failure) throw failure // ABI_GUARD=warn starts the app all the same
