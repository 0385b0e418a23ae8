'use strict'
// Requests to the core as JSON text, and its answers. Errors are created here, in the caller's
// realm.

const { bare } = require('./bare.js')

/**
 * The facts of this process. The ABI is read from `process.versions`, never derived from the
 * version.
 */
function hostFacts() {
  const { versions } = process
  const runtime = ['electron', 'bun', 'deno', 'nw'].find((name) => versions[name]) ?? 'node'
  const number = (text) => (text === undefined ? null : Number.parseInt(text, 10))
  return {
    runtime,
    version: versions[runtime],
    node: versions.node,
    abi: number(versions.modules),
    nodeApi: number(versions.napi),
    platform: process.platform,
    arch: process.arch,
    execPath: process.execPath,
    compressesPointers: [1, true].includes(
      process.config?.variables?.v8_enable_pointer_compression,
    ),
  }
}

let host = { text: '' }

/** The facts as JSON text. The text is built again only if a fact has changed. */
function hostText() {
  const { platform, arch, execPath } = process
  if (
    host.text === '' ||
    host.platform !== platform ||
    host.arch !== arch ||
    host.execPath !== execPath
  ) {
    host = { platform, arch, execPath, text: JSON.stringify(hostFacts()) }
  }
  return host.text
}

/** The request to the core, from checked options. */
function request(how) {
  const { target, targets, signal, onProgress, ...options } = bare(how)
  return `{"host":${hostText()},${JSON.stringify({ target, targets, options }).slice(1)}`
}

/** The value in an answer of the core. Throws the error in it. */
function unwrap(answer) {
  const { value, error } = bare(JSON.parse(answer))
  if (error === undefined) return value
  const { message, argument, ...facts } = bare(error)
  if (argument !== undefined) throw require('./arguments.js').invalidValue(argument, message)
  throw Object.assign(new Error(message), facts)
}

module.exports = { hostFacts, request, unwrap }
