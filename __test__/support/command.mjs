// Runs the command as users run it.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const cli = fileURLToPath(new URL('../../cli.js', import.meta.url))
export const environment = { PATH: process.env.PATH, HOME: process.env.HOME }

/**
 * Runs the command.
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, input?: string, user?: number, node?:
 *   string[], onStart?: (child: import('node:child_process').ChildProcess) => void }} how `node`:
 *   options of Node.js
 * @returns {Promise<{ code: number | string, out: string, err: string }>} `code`: the exit code, or
 *   the name of the signal that ended it
 */
export function run(args, { cwd = '/', env = {}, input = '', user, node = [], onStart } = {}) {
  return new Promise((resolve, reject) => {
    const id = user === undefined ? {} : { uid: user, gid: user }
    const child = spawn(process.execPath, [...node, cli, ...args], {
      cwd,
      env: { ...environment, ...env },
      ...id,
    })
    const text = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (part) => (text.out += part))
    child.stderr.setEncoding('utf8').on('data', (part) => (text.err += part))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? signal, ...text }))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    onStart?.(child)
  })
}
