'use strict'
// Repairs a project. The command line shows the plan and asks. A separate process, the guardian
// (guardian.js), does the work.

const path = require('node:path')
const { fork } = require('node:child_process')
const { failure } = require('./journal.js')
const { endGroup, identityOf } = require('./processes.js')
const { findInterrupted, tidy, undo, undoOwn } = require('./recover.js')

/**
 * Runs a plan.
 * @param {{ root: string, directory: string, options: object, stages: object[], output: number }}
 *   task `output`: the file descriptor for the output of the commands
 * @param {(event: { step?: string, command?: string[], again?: string[] }) => void} onEvent
 * @param {AbortSignal} signal stops the repair; everything is then restored
 * @returns {Promise<{ left: string[], outputs: string[], fixes: object[] } | { stopped: true }>}
 *   the packages that are still broken, the output of the failed commands, and the fixes of the
 *   reports after attempts that didn't help
 */
function carryOut(task, onEvent, signal) {
  return new Promise((resolve, reject) => {
    const guardian = fork(path.join(__dirname, 'guardian.js'), [], {
      // A new process group, so that signals from the terminal don't reach it.
      detached: true,
      execArgv: [],
      stdio: ['ignore', task.output, 'inherit', 'ipc'],
    })
    // Read now, while the process certainly runs.
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
      // The guardian was killed. End its command, and undo its work here.
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
