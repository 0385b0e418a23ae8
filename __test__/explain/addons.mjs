// Errors of single files that real runtimes throw: the file, the runtime that loads it, the way in
// which it loads, and the expected explanation.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from '../fixtures/compile.mjs'
import { published } from '../support/project.mjs'

const calls = fileURLToPath(new URL('./calls.c', import.meta.url))
const own = (name, switches, flags = []) => compile(name, switches, { from: calls, flags })

const changed = (name, change) => async () => {
  const bytes = Buffer.from(readFileSync(await compile('sound', { NAPISYM: true })))
  return { name, bytes: change(bytes) }
}
const put =
  (offset, ...values) =>
  (bytes) => {
    values.forEach((value, index) => {
      bytes[offset + index] = value
    })
    return bytes
  }

const v8 = () => compile('v8addon', { CTOR: 108, CTX: true })
const onceOnly = () => compile('onceonly', { CTOR: Number(process.versions.modules) })

/**
 * One release of each line with another ABI than Node.js 18, because the text of the error changed
 * over the years. Node.js checks the ABI since 0.12.
 */
const others = [
  '4.9.1',
  '6.17.1',
  '8.17.0',
  '10.24.1',
  '12.22.12',
  '14.21.3',
  '16.20.2',
  '20.20.2',
  '22.23.3',
  '24.21.0',
  '26.10.0',
]

export const addons = [
  ...others.map((node) => ({
    name: `an addon for Node.js 18 in Node.js ${node}`,
    quick: ['16.20.2', '22.23.3', '26.10.0'].includes(node),
    node,
    file: v8,
    code: 'abi-mismatch',
    // Node.js before version 7 doesn't name the file.
    named: Number.parseInt(node, 10) > 6,
    builtFor: 'Node.js 18',
  })),
  {
    name: 'an addon of another ABI that registers by a function only',
    quick: true,
    file: () => compile('byname', { SYM: 108 }),
    code: 'self-register-mismatch',
  },
  {
    name: 'a library',
    quick: true,
    file: () => compile('library', {}),
    code: 'not-an-addon',
    said: 'self-register-mismatch',
  },
  {
    name: 'an addon that isn’t context-aware, twice',
    quick: true,
    how: 'twice',
    file: onceOnly,
    node: 'this',
    code: 'self-register-mismatch',
  },
  {
    name: 'an addon that isn’t context-aware, in a worker',
    how: 'worker',
    file: onceOnly,
    node: 'this',
    code: 'self-register-mismatch',
  },
  {
    name: 'an addon that isn’t context-aware, by a flag',
    file: onceOnly,
    node: 'this',
    flags: ['--force-context-aware'],
    code: 'not-context-aware',
    named: false,
  },
  {
    name: '--no-addons',
    quick: true,
    flags: ['--no-addons'],
    guard: false,
    file: () => compile('sound', { NAPISYM: true }),
    code: 'addons-disabled',
    named: false,
  },
  {
    name: '--permission',
    flags: ['--permission', '--allow-fs-read=*'],
    node: '22.23.3',
    file: () => compile('sound', { NAPISYM: true }),
    code: 'addons-disabled',
    named: false,
    guard: false,
  },
  {
    name: 'an addon that is imported',
    how: 'import',
    node: '20.20.2',
    file: () => compile('sound', { NAPISYM: true }),
    code: 'esm-import',
  },
  {
    name: 'an empty file',
    quick: true,
    file: changed('empty.node', () => Buffer.alloc(0)),
    code: 'not-a-binary',
    said: 'truncated',
  },
  {
    name: 'half a header',
    file: changed('half.node', (bytes) => bytes.subarray(0, 40)),
    code: 'truncated',
  },
  {
    name: 'a text',
    quick: true,
    file: changed('text.node', () => Buffer.from('module.exports = 1\n'.repeat(20))),
    code: 'not-a-binary',
  },
  {
    name: 'a pointer of Git LFS',
    file: changed('lfs.node', () =>
      Buffer.from(
        `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 123456\n`,
      ),
    ),
    code: 'not-a-binary',
  },
  {
    name: 'another class',
    file: changed('class.node', put(4, 1)),
    code: ['wrong-arch', 'malformed'],
    said: 'wrong-arch',
  },
  {
    name: 'another processor',
    quick: true,
    file: changed('machine.node', put(18, 183, 0)),
    code: 'wrong-arch',
  },
  {
    name: 'another encoding',
    file: changed('encoding.node', put(5, 2)),
    code: ['wrong-arch', 'malformed'],
    said: 'wrong-arch',
  },
  {
    name: 'another system',
    file: changed('osabi.node', put(7, 9)),
    code: ['wrong-platform', 'malformed', 'not-openable'],
    said: 'wrong-platform',
  },
  {
    name: 'another version of the format',
    file: changed('version.node', put(20, 9)),
    code: 'malformed',
  },
  {
    name: 'a file that was never linked',
    file: changed('object.node', put(16, 1, 0)),
    code: 'not-openable',
  },
  { name: 'a program', file: changed('program.node', put(16, 2, 0)), code: 'not-openable' },
  {
    name: 'an addon for macOS',
    file: async () => (await published('bcrypt'))('bcrypt', 'prebuilds/darwin-arm64/bcrypt.node'),
    code: 'wrong-platform',
    said: 'not-a-binary',
  },
  {
    name: 'a library that is missing',
    quick: true,
    file: () => compile('needs', { NAPISYM: true }, { library: {} }),
    code: 'missing-library',
    named: false,
  },
  {
    name: 'a symbol that is missing',
    quick: true,
    file: () => compile('data', { NAPISYM: true, UNDEFINED_DATA: true }),
    code: 'missing-symbol',
  },
  {
    name: 'a function that is missing, with immediate binding',
    file: () =>
      compile('now', { NAPISYM: true, UNDEFINED_FUNCTION: true }, { flags: ['-Wl,-z,now'] }),
    code: 'missing-symbol',
  },
  {
    name: 'a missing function that the initializer calls',
    quick: true,
    file: () => own('calling', { CALL: true }),
    code: 'missing-symbol',
    said: 'lazy-missing-symbol',
  },
  {
    name: 'too much thread-local storage',
    quick: true,
    file: () => own('tls', { TLS: 100_000 }),
    code: 'static-tls',
  },
  {
    name: 'an executable stack',
    libc: 'glibc-2.41',
    file: () => compile('stack', { NAPISYM: true }, { flags: ['-Wl,-z,execstack'] }),
    code: 'executable-stack',
    guard: false,
  },
  {
    name: 'an older glibc',
    libc: 'glibc-2.31',
    file: () => own('newer', { NEWER: true }),
    code: 'glibc-too-old',
    guard: false,
  },
  {
    name: 'a file for glibc on musl',
    libc: 'musl',
    file: () =>
      compile(
        'glibc',
        { NAPISYM: true },
        { flags: ['-Wl,--no-as-needed', '/lib64/ld-linux-x86-64.so.2'] },
      ),
    code: 'wrong-libc',
    guard: false,
  },
  {
    name: 'a text file on musl',
    libc: 'musl',
    file: changed('text.node', () => Buffer.from('module.exports = 1\n'.repeat(20))),
    code: 'not-a-binary',
    guard: false,
  },
  {
    name: 'a library that is missing on musl',
    libc: 'musl',
    file: () => compile('needs', { NAPISYM: true }, { library: {} }),
    code: 'missing-library',
    guard: false,
  },
  {
    name: 'a V8 addon in Deno',
    other: 'deno',
    file: v8,
    code: 'unsupported-addon-api',
    guard: false,
  },
  {
    name: 'Deno without the permission',
    other: 'deno',
    flags: ['run', '--allow-read', '--allow-env', '--no-prompt'],
    file: () => compile('sound', { NAPISYM: true }),
    code: 'addons-disabled',
    guard: false,
  },
  {
    name: 'a V8 addon in Bun',
    other: 'bun',
    file: v8,
    code: 'abi-mismatch',
    guard: false,
    named: false,
    package: 'v8addon',
  },
  {
    name: 'an addon without Node-API in Bun',
    other: 'bun',
    file: () => compile('byname', { SYM: 108 }),
    code: 'unsupported-addon-api',
    guard: false,
    named: false,
  },
  {
    name: 'a file system that is mounted without exec',
    noexec: true,
    file: () => compile('sound', { NAPISYM: true }),
    code: 'noexec',
    guard: false,
  },
]

/**
 * Puts the file that a production loads into a package in the folder; returns the path of the file.
 */
export async function place(production, folder) {
  const inside = join(folder, 'node_modules', 'some-addon')
  mkdirSync(inside, { recursive: true })
  writeFileSync(
    join(inside, 'package.json'),
    '{"name":"some-addon","version":"1.0.0","scripts":{"install":"node-gyp rebuild"}}',
  )
  const made = await production.file()
  const name = typeof made === 'string' ? basename(made) : made.name
  writeFileSync(join(inside, 'index.js'), `module.exports = require('./${name}')\n`)
  if (production.noexec) mount(inside, name)
  const file = join(inside, name)
  if (typeof made === 'string') copyFileSync(made, file)
  else writeFileSync(file, made.bytes)
  return file
}

/** Mounts a separate file system without execute permission in place of the package's folder. */
function mount(folder, name) {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'none', folder])
  writeFileSync(join(folder, 'package.json'), '{"name":"some-addon","version":"1.0.0"}')
  writeFileSync(join(folder, 'index.js'), `module.exports = require('./${name}')\n`)
}
