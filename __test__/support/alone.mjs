// A real Node.js in a separate process, where an addon can't harm the tests.
import { spawn } from 'node:child_process'

const timeLimit = 60_000

/**
 * Runs an executable until it ends, or is ended after a minute.
 * @param {{ cwd: string, home: string, env?: object, output: number }} how `output`: the open file
 *   that all it prints goes to
 * @returns {Promise<{ exitCode: number | null, signal: string | null, timedOut: boolean }>}
 */
export function runAlone(execPath, args, { cwd, home, env, output }) {
  // The shell is there for ulimit only: a core dump of every crash would fill the disk. `exec`
  // leaves no process between.
  const child = spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'sh', execPath, ...args], {
    cwd,
    // Nothing of ours may reach it: NODE_OPTIONS, LD_LIBRARY_PATH or npm's settings would change
    // the answer.
    env: { PATH: process.env.PATH, HOME: home, LANG: 'C', ...env },
    stdio: ['ignore', output, output],
  })
  return new Promise((resolve, reject) => {
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, timeLimit)
    child.once('error', reject)
    // 'exit' and not 'close': a process that the addon started may hold the streams open for ever.
    child.once('exit', (exitCode, signal) => {
      clearTimeout(timer)
      resolve({ exitCode, signal, timedOut })
    })
  })
}
