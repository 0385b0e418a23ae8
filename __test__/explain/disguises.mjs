// The forms in which a terminal, a log or a mail shows a text. All of them must have the same
// explanation.
import { inspect } from 'node:util'

const lines = (text, change) => text.split('\n').map(change).join('\n')

/** Name → function that converts a text. */
export const disguises = {
  colours: (text) =>
    lines(text, (line) =>
      line.replace(/^(\s*)(\S+)/, '$1\u001b[31;1m$2\u001b[0m').replace(/$/, '\u001b[39m\u001b[K'),
    ),
  "Windows' line ends": (text) => text.replaceAll(/\r?\n/g, '\r\n'),
  'GitHub Actions': (text) =>
    `2026-11-22T10:00:00.0000000Z ##[group]Run npm test\n${lines(text, (line) => `2026-11-22T10:00:01.1234567Z ${line}`)}\n2026-11-22T10:00:02.0000000Z ##[error]Process completed with exit code 1.`,
  'the page of GitHub Actions': (text) =>
    lines(text, (line) => `test\tRun npm test\t2026-11-22T10:00:01.1234567Z ${line}`),
  'GitLab CI': (text) => lines(text, (line) => `2026-11-22T10:00:01.123456Z 01O ${line}`),
  'docker build': (text) => lines(text, (line) => `#12 3.456 ${line}`),
  'docker build, the summary': (text) =>
    `------\n > [5/9] RUN npm ci:\n${lines(text, (line) => `3.456 ${line}`)}\n------`,
  'docker compose': (text) => lines(text, (line) => `web-1  | ${line}`),
  'npm 10': (text) => lines(text, (line) => `npm error ${line}`),
  'npm 9': (text) => lines(text, (line) => `npm ERR! ${line}`),
  pnpm: (text) => lines(text, (line) => `packages/api install: ${line}`),
  journald: (text) => lines(text, (line) => `Nov 22 10:00:01 host node[1234]: ${line}`),
  pm2: (text) => lines(text, (line) => `0|api      | 2026-11-22T10:00:01: ${line}`),
  'a mail': (text) => lines(text, (line) => `> ${line}`),
  'an indented block': (text) => lines(text, (line) => `      ${line}`),
  'JSON of pino': (text) =>
    JSON.stringify({
      level: 50,
      time: 1795340000000,
      err: { type: 'Error', message: text, stack: text },
      msg: 'failed',
    }),
  'a string in a string': (text) =>
    JSON.stringify({ log: `${JSON.stringify({ message: text })}\n`, stream: 'stderr' }),
  'util.inspect': (text) => inspect({ error: text }, { breakLength: 80 }),
  'the cause of another error': (text) =>
    inspect(Object.assign(new Error('the server could not start'), { cause: bare(text) }), {
      depth: 5,
    }),
  'the middle of a long log': (text) =>
    `${'> built in 12 ms\n'.repeat(2000)}${text}\n${'GET /health 200 1 ms\n'.repeat(2000)}`,
}

/** An error whose `stack` is `text` alone, without the frames of this process. */
function bare(text) {
  const error = new Error(text)
  error.stack = text
  return error
}
