// Runs the command on a terminal. Python creates it, because Node.js can't.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { cli } from './command.mjs'

/**
 * Runs a command on a terminal with this number of columns. Its standard error is also the
 * terminal, unless it is kept apart. The answer is typed whenever the command asks.
 */
const script = `
import fcntl, os, pty, struct, sys, termios
columns, apart, asks, answer = int(sys.argv[1]), sys.argv[2] == 'apart', sys.argv[3], sys.argv[4]
command = sys.argv[5:]
err = os.dup(2)
pid, terminal = pty.fork()
if pid == 0:
    if apart:
        os.dup2(err, 2)
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    os.execvp(command[0], command)
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    os.write(1, part)
    if answer and asks.encode() in part:
        os.write(terminal, answer.encode() + b'\\n')
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

export const hasTerminals =
  process.platform !== 'win32' &&
  spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0

/** A clock that runs a hundred times as fast, so that everything seems to take long. */
const haste = fileURLToPath(new URL('./haste.cjs', import.meta.url))

/**
 * @param {string[]} args
 * @param {{ cwd: string, columns?: number, env?: object, apart?: boolean, fast?: boolean, answer?:
 *   string, asks?: string, shell?: string }} how `apart`: standard error is not a terminal; `fast`:
 *   the clock runs fast; `answer`: the text that is typed whenever the output contains `asks`, by
 *   default at each question; `shell`: a line for the shell instead of `args`, with the command in
 *   $CLI
 * @returns {Promise<{ code: number, out: string, err: string }>} `out`: the output on the terminal,
 *   with its own line ends
 */
export function onTerminal(
  args,
  { cwd, columns = 80, env = {}, apart = false, fast = false, answer = '', asks = '[y/N] ', shell },
) {
  const node = shell
    ? ['sh', '-c', shell]
    : [process.execPath, ...(fast ? ['--require', haste] : []), cli, ...args]
  const all = {
    CLI: `${process.execPath} ${cli}`,
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TERM: 'xterm',
    ...env,
  }
  return new Promise((resolve, reject) => {
    const words = ['-c', script, String(columns), apart ? 'apart' : 'one', asks, answer, ...node]
    const child = spawn('python3', words, { cwd, env: all })
    const text = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (part) => (text.out += part))
    child.stderr.setEncoding('utf8').on('data', (part) => (text.err += part))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code, out: text.out.replaceAll('\r\n', '\n'), err: text.err }),
    )
  })
}
