'use strict'
// Repairs a project: shows nothing and asks nothing; the command line does. The work is done by a
// guardian (guardian.js).

const path = require('node:path')
const { fork } = require('node:child_process')
const { failure } = require('./journal.js')
const { endGroup, identityOf } = require('./processes.js')
const { findInterrupted, tidy, undo, undoOwn } = require('./recover.js')

/**
 * Carries a plan out.
 * @param {{ root: string, directory: string, options: object, stages: object[], output: number }}
 *   task `output`: the open file that what
 *   commands print goes to
 * @param {(event: { step?: string, command?: string[], again?: string[] }) => void} onEvent
 * @param {AbortSignal} signal stops it; everything is then as it was
 * @returns {Promise<{ left: string[], outputs: string[] } | { stopped: true }>} the packages that
 *   aren't fixed, and what the
 *   commands printed that failed
 */
function carryOut(task, onEvent, signal) {
  return new Promise((resolve, reject) => {
    const guardian = fork(path.join(__dirname, 'guardian.js'), [], {
      // Out of reach of what a terminal sends to this group of processes.
      detached: true,
      execArgv: [],
      stdio: ['ignore', task.output, 'inherit', 'ipc'],
    })
    // Its start, while it surely runs.
    const by = identityOf(guardian.pid)
    let running
    let backup
    let result
    guardian.on('message', (message) => {
      if ('running' in message) running = message.running ?? undefined
      else if (message.backup) backup = message.backup
      else if (message.error)
        result = Object.assign(failure(message.error.code, message.error.message), message.error)
      else if (message.left || message.stopped) result = message
      else onEvent(message)
    })
    const stop = () => guardian.connected && guardian.disconnect()
    signal.addEventListener('abort', stop, { once: true })
    guardian.on('error', reject)
    guardian.on('exit', () => {
      signal.removeEventListener('abort', stop)
      if (result instanceof Error) return reject(result)
      if (result) return resolve(result)
      // It was ended by force: what it had begun ends with it, and is undone here.
      endGroup(running)
      try {
        undoOwn(task.root, { by, folder: backup })
      } catch (error) {
        return reject(error)
      }
      resolve({ stopped: true })
    })
    guardian.send(task)
  })
}

module.exports = { carryOut, findInterrupted, tidy, undo }
