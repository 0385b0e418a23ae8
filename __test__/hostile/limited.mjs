// Runs a command with a time limit and measures its memory. The tests can thus report a command
// that hangs, or that needs too much memory.
import { spawn } from 'node:child_process'

/**
 * Runs a command in a separate session, kills the whole session at the time limit, and prints the
 * peak of its memory in KiB.
 */
const script = `
import os, resource, signal, subprocess, sys
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, start_new_session=True)
try:
    code = child.wait(timeout=float(sys.argv[1]))
except subprocess.TimeoutExpired:
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    code = 'hang'
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
os.write(3, f'{code} {peak}'.encode())
`

/**
 * @param {string[]} command
 * @param {{ cwd: string, env?: object, seconds?: number }} how
 * @returns {Promise<{ code: number | 'hang', megabytes: number, out: string, err: string }>} `code`
 *   is negative for a signal
 */
export function limited(command, { cwd, env = {}, seconds = 15 }) {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', ['-c', script, String(seconds), ...command], {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    const text = ['', '', '', '']
    for (const at of [1, 2, 3])
      child.stdio[at].setEncoding('utf8').on('data', (part) => (text[at] += part))
    child.on('error', reject)
    child.on('close', () => {
      const [code, peak] = text[3].split(' ')
      resolve({
        code: code === 'hang' ? code : Number(code),
        megabytes: Number(peak) / 1024,
        out: text[1],
        err: text[2],
      })
    })
  })
}
