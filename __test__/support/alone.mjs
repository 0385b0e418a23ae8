// A real Node.js in a separate process, where an addon can't harm the tests.
import { spawn } from 'node:child_process'

const timeLimit = 60_000

/**
 * Runs an executable until it ends, or kills it after a minute.
 * @param {{ cwd: string, home: string, env?: object, output: number }} how `output`: the open file
 *   for all its output
 * @returns {Promise<{ exitCode: number | null, signal: string | null, timedOut: boolean }>}
 */
export function runAlone(execPath, args, { cwd, home, env, output }) {
  // The shell is only needed for ulimit: core dumps of all crashes would fill the disk. `exec`
  // replaces the shell with the executable.
  const child = spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'sh', execPath, ...args], {
    cwd,
    // No other variables may reach it: NODE_OPTIONS, LD_LIBRARY_PATH or npm's settings would change
    // the result.
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
    // 'exit' and not 'close': a process that the addon started may keep the streams open forever.
    child.once('exit', (exitCode, signal) => {
      clearTimeout(timer)
      resolve({ exitCode, signal, timedOut })
    })
  })
}
