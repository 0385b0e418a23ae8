// Logs of any length that cost a pattern as much as possible: near-matches without end, lines
// without end, and every form in which the text has to be changed before it is read.

const repeated = (line) => (bytes) => line.repeat(Math.ceil(bytes / Buffer.byteLength(line)))

/** Lines that differ from each other. */
const counted = (line) => (bytes) => {
  const lines = []
  for (let at = 0, length = 0; length < bytes; at += 1) {
    lines.push(line(at))
    length += lines[at].length
  }
  return lines.join('')
}

const noise = (bytes) => {
  let state = 1
  const all = Buffer.alloc(bytes)
  for (let at = 0; at < bytes; at += 1) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    all[at] = state >>> 16
  }
  return all
}

const mismatch = (file) =>
  `Error: The module '${file}'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 115. Please\n`

const addon = '/app/node_modules/better-sqlite3/build/Release/better_sqlite3.node'
const esc = '\u001b'

/** Name → function that makes a log of so many bytes. */
export const shapes = {
  'ordinary lines': repeated('GET /api/v1/users 200 12 ms\n'),
  'one line of one letter': repeated('x'),
  'binary noise': noise,
  'binary noise, written out': (bytes) => noise(bytes >> 1).toString('hex'),
  'letters of several bytes': repeated('äöü漢字€'),
  'box-drawing letters': repeated('╧╡═│╒╥▓╗╡╜╓╕'),
  spaces: repeated(' '),
  'spaces and line ends': repeated('        \n'),
  'empty lines': repeated('\n'),
  'carriage returns': repeated('a\r\n'),
  'null bytes': repeated('E\0r\0r\0\n\0'),
  'escapes of a terminal': repeated(`${esc}[31m`),
  'titles of a terminal': repeated(`${esc}]0;x`),
  backslashes: repeated('\\'),
  'line ends written out': repeated('\\n'),
  'letters written out': repeated('\\u0041'),
  quotes: repeated('"'),
  'entities of HTML': repeated('&#39;&quot;&amp;'),
  'half entities': repeated('&#'),
  'open brackets': repeated('('),
  'open calls': repeated("dlopen('("),
  dots: repeated('..'),
  'parent folders': repeated('../'),
  'lines of JSON': repeated('{"level":30,"msg":"a \\"quoted\\" word\\nand a line"}\n'),
  'lines of docker': repeated(
    '{"log":"npm error gyp ERR! stack Error: \\"x\\"\\n","stream":"stderr","time":"t"}\n',
  ),
  'JSON in JSON': repeated('{"log":"{\\"msg\\":\\"a \\\\\\"b\\\\\\"\\\\n\\"}\\n","stream":"x"}\n'),
  'JSON in one line': repeated('{\\"a\\":\\"b\\n\\"},'),
  'output of util.inspect': repeated("  'first line\\n' +\n"),
  'output of util.inspect, open': repeated("'a\\n' +\n`"),
  'frames of a stack': repeated(
    '    at Module._extensions..node (node:internal/modules/cjs/loader:1340:18)\n',
  ),
  'frames in packages': repeated('    at f (/app/node_modules/better-sqlite3/lib/x.js:9:24)\n'),
  'the start of an error': repeated("Error: Cannot find module '"),
  'the same error': repeated(mismatch(addon)),
  'different errors': counted((at) => mismatch(`/app/node_modules/p${at}/x.node`)),
  'different missing files': counted(
    (at) => `Error: Cannot find module '/app/node_modules/p${at}/build/Release/x.node'\n`,
  ),
  'different blocked scripts': counted(
    (at) => `npm warn install-scripts   p${at}@1.0.0 (install: node-gyp rebuild)\n`,
  ),
  'errors of node-gyp': repeated('gyp ERR! stack Error: not found: make\n'),
  'the end of node-gyp': repeated('gyp ERR! cwd /app/node_modules/tiny-addon\n'),
  'builds that fail': repeated('npm error gyp ERR! build error \n'),
  'errors of Visual Studio': repeated(
    "a.cc(1): error C2039: 'x': is not a member of 'v8' [C:\\a\\build\\a.vcxproj]\n",
  ),
  'errors of the linker': repeated(
    'x.obj : error LNK2019: a\nx.node : fatal error LNK1120: 1 unresolved externals\n',
  ),
  'errors of gcc': repeated('../src/a.cc:1:10: fatal error: x.h: No such file or directory\n'),
  'includes of gyp': repeated('gyp: /app/x.gypi not found (cwd: /app) while reading includes of '),
  'errors of glibc': repeated("/lib/libc.so.6: version `GLIBC_2.99' not found (required by "),
  'paths that dyld tried': repeated("tried: '/a.node' (no such file), "),
  'paths that bindings tried': repeated(' → /app/node_modules/a/build/a.node\n'),
  'paths of Windows': repeated('\\\\?\\C:\\app\\node_modules\\a\\x.node\n'),
  'paths of Windows in one line': repeated('\\\\?\\C:\\app\\node_modules\\a\\x.node '),
  'paths in one line': repeated('/app/node_modules/a/build/Release/a.node '),
  'folders in one line': repeated('node_modules/'),
  'files in one line': repeated('/a.node: '),
  'paths that a terminal wrapped': repeated('/app/node_modules/a/bui\nld/Release/a.node: \n'),
  'requests that a bundler rejects': repeated('Could not resolve "../build/Release/x.node"\n'),
  'lists of pnpm': repeated('Ignored build scripts: a, b, c,\n'),
  assertions: repeated('Assertion failed: (env) != nullptr\n'),
  'lines of GitHub Actions': repeated('2026-11-22T10:00:01.1234567Z ##[group]::\n'),
}

/** A log in one of the shapes, with an error at its end. */
export function logOf(shape, bytes) {
  return Buffer.concat([Buffer.from(shapes[shape](bytes)), Buffer.from(`\n${mismatch(addon)}`)])
}
