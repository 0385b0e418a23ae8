// A package with platform packages, made of real addons: a sound set, which tests can change.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { copyOf, project, published } from './project.mjs'
import { entry, tgz } from './tar.mjs'

/** Real addons by their system. */
export const addons = {}

/** Fills `addons`; downloads their package if it is missing. */
export async function readAddons() {
  const fileOf = await published('argon2')
  const places = {
    'darwin-arm64': 'darwin-arm64/argon2.armv8.glibc.node',
    'linux-arm64-glibc': 'linux-arm64/argon2.armv8.glibc.node',
    'linux-arm64-musl': 'linux-arm64/argon2.armv8.musl.node',
    'linux-x64-glibc': 'linux-x64/argon2.glibc.node',
    'linux-x64-musl': 'linux-x64/argon2.musl.node',
    'win32-x64': 'win32-x64/argon2.glibc.node',
  }
  for (const [system, place] of Object.entries(places))
    addons[system] = copyOf(fileOf('argon2', `prebuilds/${place}`))
}

export const VERSION = '1.2.3'
/** The platform packages of a sound set: tag → system. */
export const SOUND = {
  'darwin-arm64': 'darwin-arm64',
  'linux-arm64-gnu': 'linux-arm64-glibc',
  'linux-x64-gnu': 'linux-x64-glibc',
  'linux-x64-musl': 'linux-x64-musl',
  'win32-x64-msvc': 'win32-x64',
}
export const tags = Object.keys(SOUND)

const fieldsOf = (system) => {
  const [os, cpu, libc] = system.split('-')
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) }
}

/**
 * The files of a root package and of its platform packages below `npm/`. `change` may change the
 * packages before they are written.
 */
export function set(change = () => {}) {
  const packages = {
    root: {
      manifest: {
        name: 'q',
        version: VERSION,
        main: 'index.js',
        optionalDependencies: Object.fromEntries(tags.map((tag) => [`q-${tag}`, VERSION])),
      },
      files: {
        'index.js': `const { platform, arch } = process
const libc = platform === 'linux' ? (process.report.getReport().header.glibcVersionRuntime ? '-gnu' : '-musl') : ''
module.exports = require(\`q-\${platform}-\${arch}\${platform === 'win32' ? '-msvc' : libc}\`)
`,
      },
    },
  }
  for (const [tag, system] of Object.entries(SOUND)) {
    packages[tag] = {
      manifest: {
        name: `q-${tag}`,
        version: VERSION,
        ...fieldsOf(system),
        main: `q.${tag}.node`,
      },
      files: { [`q.${tag}.node`]: addons[system] },
    }
  }
  change(packages)
  return packages
}

/** Writes a set to folders. Returns the folder with `package.json` and `npm/`. */
export function written(t, packages) {
  const files = {}
  for (const [name, { manifest, files: own }] of Object.entries(packages)) {
    const folder = name === 'root' ? '' : `npm/${name}/`
    files[`${folder}package.json`] = manifest
    for (const [file, content] of Object.entries(own)) files[`${folder}${file}`] = content
  }
  return project(t, files)
}

/** A folder as `npm pack` packs it. */
export const packed = (folder) => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath ?? one.path, one.name))
  return tgz(
    ...files.map((file) =>
      entry(`package/${file.slice(folder.length + 1).replaceAll('\\', '/')}`, readFileSync(file)),
    ),
  )
}
