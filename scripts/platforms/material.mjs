// The inputs for testing the binaries of all platforms: published addons for many systems, a small
// project with some of them, and damaged files.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listFiles } from '../support/corpus/index.mjs'
import { install } from '../support/corpus/install.mjs'
import { damages } from '../support/damage.mjs'
import { cacheFolder } from '../support/cache.mjs'
import { root } from '../setup.mjs'
import { fileOf, packageOf } from './table.mjs'

/**
 * Targets whose results are the same on every machine: none is that of a runtime here, for which
 * libraries would be searched.
 */
const targets = [
  'node@22.11.0/linux-x64-glibc2.35',
  'node@20.18.0/linux-x64-musl1.2.3',
  'node@18.20.4/linux-arm64-glibc2.28',
  'electron@31.0.0/darwin-arm64',
  'node@24.1.0/win32-arm64',
]

/** Error texts of loaders, Node.js and packages for an addon that doesn't load. */
const texts = [
  'The module was compiled against a different Node.js version using\nNODE_MODULE_VERSION 108. ' +
    'This version of Node.js requires\nNODE_MODULE_VERSION 120. Please try re-compiling or ' +
    're-installing',
  "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by " +
    '/app/node_modules/a/a.node)',
  'Error relocating /app/node_modules/a/a.node: __vsnprintf_chk: symbol not found',
  '\\\\?\\C:\\app\\node_modules\\a\\a.node is not a valid Win32 application.',
  "dlopen(/app/a.node, 0x0001): tried: '/app/a.node' (mach-o file, but is an incompatible " +
    "architecture (have 'x86_64', need 'arm64'))",
  'No native build was found for platform=linux arch=arm64 runtime=node abi=127 uv=1 armv=8 ' +
    'libc=musl node=22.11.0',
  'a text that says nothing of addons',
]

/** The packages of the project. One of them has an ABI that the first target doesn't have. */
const packages = [
  'bufferutil@4.1.0',
  'utf-8-validate@6.0.6',
  'argon2@0.45.1',
  'fibers@5.0.3',
  'classic-level@3.0.0',
]

/** Every STEP-th damaged file is used. */
const STEP = 4

/**
 * Creates all inputs below `work`.
 * @returns {Promise<object>} the input of exercise.cjs, without `home` and `own`, with the paths of
 *   this machine; and `corpus`, the files for real loads
 */
export async function material(work) {
  await install('small', { log() {} })
  const corpus = listFiles('small')
  const project = join(work, 'project')
  const dependencies = {}
  for (const one of packages) {
    const [name, version] = one.split('@')
    dependencies[name] = version
    const found = corpus.find((file) => file.package === name && file.version === version)
    cpSync(join(found.root, 'node_modules', name), join(project, 'node_modules', name), {
      recursive: true,
    })
  }
  write(
    join(project, 'package.json'),
    JSON.stringify({ name: 'app', version: '1.0.0', dependencies }),
  )
  const archive = join(work, 'bufferutil-4.1.0.tgz')
  const bufferutil = join(project, 'node_modules', 'bufferutil')
  execFileSync('tar', [
    '-czf',
    archive,
    '--transform',
    's,^bufferutil,package,',
    '-C',
    join(bufferutil, '..'),
    'bufferutil',
  ])
  const sane = join(bufferutil, 'prebuilds', 'linux-x64', 'bufferutil.node')
  const damaged = damages(sane, { randomCount: 100 })
    .filter((_, index) => index % STEP === 0)
    .map(({ name, bytes }, index) => {
      const file = join(work, 'damaged', `${index}-${name.replace(/\W+/g, '-')}.node`)
      write(file, bytes)
      return file
    })
  return {
    corpus,
    input: {
      targets,
      texts,
      files: corpus.map((one) => ({
        name: `${one.package}@${one.version} ${one.relative}`,
        file: one.file,
      })),
      project,
      packages: packages.map((one) => one.split('@')[0]),
      package: bufferutil,
      archive,
      damaged,
      places: [
        [work, '<work>'],
        [cacheFolder, '<cache>'],
      ],
    },
  }
}

function write(file, content) {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, content)
}

/**
 * Creates the package as it would be installed on a platform: its own files and the platform's
 * package beside it. Returns its folder.
 */
export function installed(one, binary, work) {
  const modules = join(work, `installed-${one.name}`, 'node_modules')
  rmSync(modules, { recursive: true, force: true })
  const home = join(modules, 'abi-guard')
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const name of [...files, 'package.json'])
    cpSync(join(root, name), join(home, name), { recursive: true })
  const platform = join(modules, packageOf(one))
  cpSync(join(root, 'npm', one.name, 'package.json'), join(platform, 'package.json'))
  cpSync(binary, join(platform, fileOf(one)))
  return home
}

/** It ends the process with an error if there is no display. */
const unfit = ['uiohook-napi']

/**
 * The addons whose real loads are compared: all that are for this platform according to their
 * names, and one for each other system.
 * @param {import('./table.mjs').Platform} one
 */
export function loadable(one, corpus) {
  const fits = (file) =>
    file.statedPlatform === one.os &&
    file.statedArch === one.cpu &&
    (file.statedLibc === null || one.libc === undefined || file.statedLibc === one.libc)
  const others = corpus.filter((file) => file.package.startsWith('@napi-rs/nice-') && !fits(file))
  return [...corpus.filter((file) => fits(file) && !unfit.includes(file.package)), ...others].map(
    (file) => ({
      name: `${file.package}@${file.version} ${file.relative}`,
      file: file.file,
    }),
  )
}
