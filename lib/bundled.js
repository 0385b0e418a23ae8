'use strict'
// The guard as a part of a bundle.

const { bundled, outside } = require('./outside.js')

const NOTHING = 'Nothing is guarded now\n'

/** Loads the installed abi-guard/register, which guards the process. */
function registerOutside() {
  const load = outside('register.js')
  // Not in a `try`: the AbiError must reach the app unchanged.
  if (load) return load()
  say(`${bundled()}. ${NOTHING}`)
  return { unregister() {} }
}

/**
 * In place of the job of `assertNodeModules`: says once that nothing can be checked, and reports
 * that it is not known what would load.
 */
function jobWithoutBinary(directory, message) {
  const { hostFacts } = require('./request.js')
  const run = () => {
    say(`${message}. ${NOTHING}`)
    const { node, compressesPointers, ...host } = hostFacts()
    const target = { ...host, libc: null, libcVersion: null, distribution: null, line: null }
    const stats = { directories: 0, files: 0, checked: 0, milliseconds: 0 }
    const problems = [{ code: 'undetermined', severity: 'warning', message }]
    const lists = { packages: [], problems, causes: [], fixes: [] }
    const report = { kind: 'scan', ok: true, complete: false, directory, target, ...lists, stats }
    return JSON.stringify({ value: { ok: true, target, packages: 0, report } })
  }
  return { run, start: async () => run(), cancel() {}, progress: () => [0, 0] }
}

function say(text) {
  try {
    require('./tell.js').write(text)
  } catch {
    // In a bundle that can't even require `fs`.
    console.error(text.trimEnd())
  }
}

module.exports = { jobWithoutBinary, registerOutside }
