'use strict'
// abi-guard/promises: the functions that read a disk, on a worker thread, with `signal` and
// `onProgress`. Types: promises.d.ts.

const { readOptions } = require('./lib/arguments.js')
const {
  artifactJob,
  auditJob,
  doctorJob,
  explainJob,
  fileJob,
  matrixJob,
  packageJob,
  scanJob,
} = require('./lib/jobs.js')
const { unwrap } = require('./lib/request.js')

/** Milliseconds between two calls of `onProgress`. */
const PROGRESS_INTERVAL = 50

// Saved now: a test may replace the timers with fake ones.
const { setInterval, clearInterval } = globalThis

/**
 * Does what `signal.throwIfAborted()` does. Early releases of Node.js 16 have neither that method
 * nor `signal.reason`.
 */
function stopIfAborted(signal) {
  if (!signal?.aborted) return
  throw (
    signal.reason ??
    Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' })
  )
}

/**
 * Runs a job and returns its value.
 * @param {string} name of the public function
 * @param {unknown} options as the caller gave them
 * @param {(options: object) => object} makeJob called with the checked options
 */
async function finish(name, options, makeJob) {
  const how = readOptions(name, options, 'promises')
  const { signal, onProgress } = how
  const job = makeJob(how)
  stopIfAborted(signal)

  const tell = () => {
    const [directories, packages] = job.progress()
    onProgress({ directories, packages })
  }
  const cancel = () => job.cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  const timer = onProgress && setInterval(tell, PROGRESS_INTERVAL)
  timer?.unref?.()
  try {
    const answer = await job.start()
    stopIfAborted(signal)
    if (onProgress) tell()
    return unwrap(answer)
  } finally {
    signal?.removeEventListener('abort', cancel)
    if (timer) clearInterval(timer)
  }
}

exports.checkAbi = (file, options) => finish('checkAbi', options, (how) => fileJob(file, how))

exports.checkPackage = async (nameOrDirectory, options) => {
  try {
    return await finish('checkPackage', options, (how) => packageJob(nameOrDirectory, how))
  } catch (error) {
    throw require('./lib/installed.js').withNearest(error, nameOrDirectory, options)
  }
}

exports.scanNodeModules = (directory, options) =>
  finish('scanNodeModules', options, (how) => scanJob(directory, how))

exports.assertNodeModules = async function assertNodeModules(directory, options) {
  const { foldersToGuard, guardJob, passed } = require('./lib/guard.js')
  const reports = []
  for (const { folder, isOwn } of foldersToGuard(directory, assertNodeModules)) {
    let mode
    const start = (how) => {
      const guard = guardJob(folder, how, { isOwn, whole: true })
      mode = guard.mode
      return guard.job
    }
    reports.push(passed(await finish('assertNodeModules', options, start), mode))
  }
  return reports[0]
}

exports.auditPackage = (directoryOrArchive, options) =>
  finish('auditPackage', options, (how) => auditJob(directoryOrArchive, how))

exports.checkArtifact = (fileOrDirectory, options) =>
  finish('checkArtifact', options, (how) => artifactJob(fileOrDirectory, how))

exports.explainError = async (error, options) => {
  const { textsOf } = require('./lib/errors.js')
  const [first] = await finish('explainError', options, (how) => explainJob(textsOf(error), how))
  return first ?? null
}

exports.doctor = (directory, options) =>
  finish('doctor', options, (how) => doctorJob(directory, how))

exports.matrix = (directory, options) =>
  finish('matrix', options, (how) => matrixJob(directory, how))
