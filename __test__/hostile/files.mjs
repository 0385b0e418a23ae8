// Every file that abi-guard reads around a project, and the kinds of hostile replacements for one.
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** A word in files outside of the project, which must not appear in any output. */
export const SECRET = 'ghp_5ecretT0kenOfTheUser'

const MANIFEST = JSON.stringify({
  name: 'app',
  version: '1.0.0',
  engines: { node: '>=18' },
  dependencies: { p: '1.0.0' },
})

/** Valid contents. The project has native code, so that all parts of the doctor have findings. */
const SOUND = {
  'package.json': MANIFEST,
  'app.js': "console.log('the app ran')\n",
  'node_modules/p/package.json':
    '{"name":"p","version":"1.0.0","main":"index.js","dependencies":{"bindings":"1"}}',
  'node_modules/p/index.js': "module.exports = require('bindings')('p')\n",
  'node_modules/p/build/Release/p.node': 'no addon at all',
}

/** Paths relative to the project. The files in folders of their own are only found by name. */
export const FILES = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
  '.yarnrc.yml',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
  '.npmrc',
  '.pnp.cjs',
  '.pnp.data.json',
  'node_modules/.package-lock.json',
  'node_modules/.modules.yaml',
  'node_modules/.yarn-integrity',
  'node_modules/.yarn-state.yml',
  '.nvmrc',
  '.node-version',
  '.tool-versions',
  'mise.toml',
  '.config/mise.toml',
  '.env',
  'Dockerfile',
  'Dockerfile.dockerignore',
  '.dockerignore',
  'compose.yaml',
  '.github/workflows/ci.yml',
  '.github/actions/setup/action.yml',
  '.gitlab-ci.yml',
  'binding.gyp',
  'resources/app.asar',
  'electron',
  'version',
  'node_modules/p/binding.gyp',
  'node_modules/p/build/config.gypi',
  'node_modules/p/build/Release/.forge-meta',
  '.abi-guard-repair',
  'node_modules/p/index.js',
  'node_modules/p/build/Release/p.node',
  'node_modules/p/package.json',
  'package.json',
]

/**
 * The kinds of things that can replace a file. Each function creates one at `path`; `outside` is a
 * folder beside the project.
 */
export const KINDS = {
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a link to /dev/zero': (path) => symlinkSync('/dev/zero', path),
  'a gigabyte of zeros': (path) => {
    const file = openSync(path, 'w')
    ftruncateSync(file, 2 ** 30)
    closeSync(file)
  },
  'a folder': (path) => mkdirSync(path),
  'a link out of the project': (path, outside) => symlinkSync(join(outside, 'secret'), path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a link to a folder with everything': (path) => symlinkSync('/', path),
}

/**
 * The files outside of the project. They have plausible contents for every kind of file, with the
 * secret in them.
 */
const OUTSIDE = {
  secret: `${SECRET}\n`,
}

/** Creates a project in `place` in which `files` are of one kind, and all others are valid. */
export function hostileProject(place, files, kind) {
  const [root, outside] = [join(place, 'app'), join(place, 'outside')]
  const all = { ...SOUND }
  for (const file of files) delete all[file]
  for (const [name, content] of Object.entries(all)) put(join(root, name), content)
  for (const [name, content] of Object.entries(OUTSIDE)) put(join(outside, name), content)
  for (const file of files) {
    const path = join(root, file)
    mkdirSync(dirname(path), { recursive: true })
    rmSync(path, { recursive: true, force: true })
    KINDS[kind](path, outside)
  }
  return { root, outside }
}

function put(path, content) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

/**
 * Everything below a folder with its kind, size and time, without following links. It shows all
 * changes by a command.
 */
export function picture(place) {
  const format = '%P %y %s %T@ %l\\n'
  const text = execFileSync('find', [place, '-printf', format], { encoding: 'utf8' })
  // Reading a folder may change its time of access, but not its time of modification.
  return text.split('\n').sort().join('\n')
}

export const within = (root, path) => relative(root, path)
