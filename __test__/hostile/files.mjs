// Every file that abi-guard reads around a project, and what a stranger can put in the place of
// one.
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

/** A word that stands in files outside of the project, and must not come out anywhere. */
export const SECRET = 'ghp_5ecretT0kenOfTheUser'

const MANIFEST = JSON.stringify({
  name: 'app',
  version: '1.0.0',
  engines: { node: '>=18' },
  dependencies: { p: '1.0.0' },
})

/** Sound contents; the project has native code, so that every part of the doctor has something to say. */
const SOUND = {
  'package.json': MANIFEST,
  'app.js': "console.log('the app ran')\n",
  'node_modules/p/package.json':
    '{"name":"p","version":"1.0.0","main":"index.js","dependencies":{"bindings":"1"}}',
  'node_modules/p/index.js': "module.exports = require('bindings')('p')\n",
  'node_modules/p/build/Release/p.node': 'no addon at all',
}

/** Relative to the project. What stands in a folder of its own is found by name alone. */
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
 * Things that can replace a file: creates it at `path`; `outside` is a folder beside the project.
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

/** What the outside holds: plausible as every file there is, with the secret where a reader would look. */
const OUTSIDE = {
  secret: `${SECRET}\n`,
}

/** Makes a project in `place` whose `files` are of one kind; all others are sound. */
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

/** Everything below a folder with its kind, size and time, links not followed: what a command changes shows here. */
export function picture(place) {
  const format = '%P %y %s %T@ %l\\n'
  const text = execFileSync('find', [place, '-printf', format], { encoding: 'utf8' })
  // A folder that is read may get another time of access, never of change.
  return text.split('\n').sort().join('\n')
}

export const within = (root, path) => relative(root, path)
