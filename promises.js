'use strict'
// abi-guard/promises: the checks on a thread of the pool, with an AbortSignal and progress. Types:
// promises.d.ts.

const { fileJob, packageJob, scanJob } = require('./lib/jobs.js')
const { invalidType, unwrap } = require('./lib/request.js')

/** How often progress is told, in milliseconds. */
const PROGRESS_INTERVAL = 50

// Taken now, so that a test's fake timers can't stop a scan from being watched.
const { setInterval, clearInterval } = globalThis

/** As `signal.throwIfAborted()`, which Node.js 16 got late, as it did the reason. */
function stopIfAborted(signal) {
  if (!signal?.aborted) return
  throw (
    signal.reason ??
    Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' })
  )
}

async function finish(makeJob, options = {}) {
  const { signal, onProgress } = options ?? {}
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    throw invalidType('options.signal', 'an AbortSignal', signal)
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidType('options.onProgress', 'a function', onProgress)
  }
  const job = makeJob()
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

exports.checkAbi = (file, options) => finish(() => fileJob(file, options), options)

exports.checkPackage = (nameOrDirectory, options) =>
  finish(() => packageJob(nameOrDirectory, options), options)

exports.scanNodeModules = (directory, options) => finish(() => scanJob(directory, options), options)

exports.assertNodeModules = async (directory, options) => {
  const { guardJob, passed } = require('./lib/guard.js')
  let mode
  const start = () => {
    const guard = guardJob(directory, options)
    mode = guard.mode
    return guard.job
  }
  return passed(await finish(start, options), mode)
}
