// Errors of whole projects: real packages that real package managers installed wrongly, and the
// output of these managers.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run as runManager, starting } from '../layouts/managers.mjs'
import { inCache } from '../../scripts/support/cache.mjs'
import { entry, tgz } from '../support/tar.mjs'
import { explained, inProject, run } from './real.mjs'

/** Installs a package with npm and a typical mistake, and requires it. */
const required =
  (spec, args, { change = () => {}, call = '' } = {}) =>
  async (folder) => {
    await runManager('npm11', ['install', spec, '--no-audit', ...args], { cwd: folder })
    await change(folder)
    const name = spec.slice(0, spec.lastIndexOf('@'))
    writeFileSync(join(folder, 'index.js'), `const it = require('${name}')\n${call}\n`)
    return (await run(process.execPath, ['index.js'], { cwd: folder })).stderr
  }

const installing =
  (manager, files = {}) =>
  async (folder) => {
    await addTiny(folder)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    return said(manager, folder)
  }

/** Adds a package that must be compiled, as a dependency from an archive. */
async function addTiny(folder) {
  writeFileSync(join(folder, 'tiny-addon-1.0.0.tgz'), tiny)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  manifest.dependencies = { 'tiny-addon': 'file:./tiny-addon-1.0.0.tgz' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
}

const tiny = tgz(
  entry(
    'package/package.json',
    JSON.stringify({
      name: 'tiny-addon',
      version: '1.0.0',
      scripts: { install: 'node-gyp rebuild' },
      gypfile: true,
    }),
  ),
  entry('package/binding.gyp', '{"targets":[{"target_name":"tiny","sources":["tiny.cc"]}]}'),
  entry('package/tiny.cc', 'int tiny;\n'),
)

async function said(manager, cwd, how = {}) {
  const { program, args, env } = await starting(manager, {})
  const { stdout, stderr } = await run(program, [...args, 'install'], {
    cwd,
    env: { ...env, ...how },
  })
  return `${stdout}\n${stderr}`
}

/** npm compiles the package with only `tools` on the PATH. */
const compiling = (tools) => async (folder) => {
  await addTiny(folder)
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const tool of ['sh', ...tools]) {
    symlinkSync(
      execFileSync('/usr/bin/which', [tool], { encoding: 'utf8' }).trim(),
      join(bin, tool.split('/').at(-1)),
    )
  }
  symlinkSync(process.execPath, join(bin, 'node'))
  const headers = readdirSync(inCache('layouts')).find((name) => name.startsWith('headers-'))
  return said('npm11', folder, {
    PATH: bin,
    ...(headers ? { npm_config_nodedir: inCache('layouts', headers) } : {}),
  })
}

const folders =
  (...names) =>
  (folder) => {
    for (const name of names) rmSync(join(folder, 'node_modules', name), { recursive: true })
  }
const otherSystem = ['--os=darwin', '--cpu=arm64']
const tools = ['mkdir', 'rm', 'touch', 'cp', 'ln', 'printf', 'sed', 'echo']

/**
 * `make(folder)` returns the output. Its first explanation must have this code, and name the
 * package, or one of the packages.
 */
export const trees = [
  {
    name: 'bindings, without its install script',
    make: required('better-sqlite3@11.8.1', ['--ignore-scripts'], { call: "new it('x')" }),
    code: 'not-built',
    package: 'better-sqlite3',
  },
  {
    name: 'node-gyp-build, without prebuilds',
    make: required('bcrypt@6.0.0', ['--ignore-scripts'], { change: folders('bcrypt/prebuilds') }),
    code: 'no-matching-prebuild',
    package: 'bcrypt',
  },
  {
    name: 'napi-rs, without optional packages',
    make: required('@node-rs/crc32@1.10.6', ['--omit=optional']),
    code: 'missing-platform-package',
    package: '@node-rs/crc32',
  },
  {
    name: 'napi-rs, installed for another system',
    make: required('@node-rs/crc32@1.10.6', otherSystem),
    code: 'missing-platform-package',
    package: '@node-rs/crc32',
  },
  {
    name: 'sharp, without optional packages',
    make: required('sharp@0.34.4', ['--omit=optional']),
    code: 'missing-platform-package',
    package: 'sharp',
  },
  {
    name: 'sharp, installed for another system',
    make: required('sharp@0.34.4', otherSystem),
    code: 'missing-platform-package',
    package: 'sharp',
  },
  {
    name: "sharp, without libvips' package",
    make: required('sharp@0.34.4', [], { change: folders('@img/sharp-libvips-linux-x64') }),
    code: 'missing-library',
    package: ['sharp', '@img/sharp-linux-x64'],
  },
  {
    name: 'rollup, without optional packages',
    make: required('rollup@4.53.3', ['--omit=optional']),
    code: 'missing-platform-package',
    package: 'rollup',
  },
  {
    name: 'lightningcss, without optional packages',
    make: required('lightningcss@1.30.2', ['--omit=optional']),
    code: 'missing-platform-package',
    package: 'lightningcss',
  },
  {
    name: '@parcel/watcher, without optional packages',
    make: required('@parcel/watcher@2.5.1', ['--omit=optional', '--ignore-scripts']),
    code: 'missing-platform-package',
    package: '@parcel/watcher',
  },
  {
    name: 'esbuild, installed for another system',
    make: required('esbuild@0.25.10', [...otherSystem, '--ignore-scripts'], {
      call: "it.buildSync({ stdin: { contents: '' } })",
    }),
    code: 'missing-platform-package',
    package: 'esbuild',
  },
  {
    name: 'esbuild, without optional packages',
    make: required('esbuild@0.25.10', ['--omit=optional', '--ignore-scripts'], {
      call: "it.buildSync({ stdin: { contents: '' } })",
    }),
    code: 'missing-platform-package',
    package: 'esbuild',
  },
  {
    name: 'esbuild, bundling an addon',
    make: required('esbuild@0.25.10', [], {
      change: (folder) => {
        mkdirSync(join(folder, 'node_modules', 'some-addon'))
        writeFileSync(join(folder, 'node_modules', 'some-addon', 'x.node'), '')
        writeFileSync(join(folder, 'app.js'), "require('some-addon/x.node')\n")
      },
      call: "it.buildSync({ entryPoints: ['app.js'], bundle: true, write: false })",
    }),
    code: 'bundled',
    package: 'some-addon',
  },
  {
    name: 'npm 12 and scripts',
    make: installing('npm12'),
    code: 'scripts-blocked',
    package: 'tiny-addon',
  },
  {
    name: 'pnpm 10 and scripts',
    make: installing('pnpm10'),
    code: 'scripts-blocked',
    package: 'tiny-addon',
  },
  {
    name: 'pnpm 12 and scripts',
    make: installing('pnpm12'),
    code: 'scripts-blocked',
    package: 'tiny-addon',
  },
  {
    name: 'Yarn 4 and scripts',
    make: installing('yarn4', {
      'yarn.lock': '',
      '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\n',
    }),
    code: 'scripts-blocked',
    package: 'tiny-addon',
  },
  { name: 'Bun and scripts', make: installing('bun'), code: 'scripts-blocked' },
  {
    name: 'node-gyp without Python',
    make: compiling(['make', 'g++']),
    code: 'toolchain',
    package: 'tiny-addon',
  },
  {
    name: 'node-gyp without make',
    make: compiling(['/usr/bin/python3', 'g++']),
    code: 'toolchain',
    package: 'tiny-addon',
  },
  {
    name: 'node-gyp without a compiler',
    make: compiling(['/usr/bin/python3', 'make', ...tools]),
    code: 'toolchain',
    package: 'tiny-addon',
  },
]

/**
 * Explains the output of a row in its project and in another folder; returns the explanations that
 * differ from the row, as texts.
 */
export async function differencesOf({ make, code, package: names }) {
  return inProject(async (folder) => {
    const text = await make(folder)
    const elsewhere = await inProject((other) =>
      explained(text.replaceAll(folder, join(other, 'gone')), other),
    )
    return [explained(text, folder)[0], elsewhere[0]]
      .filter(
        (one) =>
          one?.code !== code || !(names === undefined || [names].flat().includes(one.package)),
      )
      .map((one) => `${JSON.stringify(one) ?? 'nothing'} of\n${text.slice(0, 3000)}`)
  })
}
