// Libraries that an addon reaches by `$ORIGIN`, for named Linux targets: sharp and the package with
// its libvips, and small addons for each rule. Each addon for this system is loaded as well.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { auditPackage, checkAbi, formatReport, scanNodeModules } from '../index.js'
import { listFiles } from '../scripts/support/corpus/index.mjs'
import { install } from '../scripts/support/corpus/install.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compiler } from './fixtures/compile.mjs'
import { glibcOf } from './support/facts.mjs'
import { copyOf, project } from './support/project.mjs'

const missing = ({ problems }) => problems.find(({ code }) => code === 'missing-library')

/** The text that a real load throws; null if it throws none. */
function loadText(file) {
  const load = `try { process.dlopen({ exports: {} }, process.argv[1]) } catch (error) {
    console.log(error.message)
  }`
  return execFileSync(process.execPath, ['-e', load, file], { encoding: 'utf8' }).trim() || null
}

describe('sharp', { skip: fullLane }, () => {
  const packageOf = (arch) => ({
    name: `@img/sharp-linux-${arch}`,
    version: '0.35.5',
    optionalDependencies: { [`@img/sharp-libvips-linux-${arch}`]: '1.3.4' },
  })
  const ofCorpus = async (name) => {
    await install('full', { log() {}, names: [name] })
    return listFiles('full', [name])[0].file
  }
  const addon = (arch) => ofCorpus(`@img/sharp-linux-${arch}`)
  const placed = async (t, arch, files = {}) => {
    const root = project(t, {
      [`node_modules/@img/sharp-linux-${arch}/package.json`]: packageOf(arch),
      [`node_modules/@img/sharp-linux-${arch}/lib/sharp.node`]: copyOf(await addon(arch)),
      ...files,
    })
    return join(root, `node_modules/@img/sharp-linux-${arch}/lib/sharp.node`)
  }

  test('without the package of its libvips, it fails on named targets too', async (t) => {
    for (const [arch, target] of [
      ['arm', 'node@22/linux-arm'],
      ['arm', 'node@22/debian12-arm'],
      ['x64', 'node@22/debian12-x64'],
      ['x64', 'electron@40/debian12-x64'],
    ]) {
      const file = await placed(t, arch)
      const report = checkAbi(file, { target })
      assert.equal(report.outcome, 'throws', target)
      const problem = missing(report)
      assert.equal(problem.package, `@img/sharp-libvips-linux-${arch}`)
      assert.equal(problem.library, 'libvips-cpp.so.8.18.7')
      assert.equal(problem.packages, null)
      assert.match(
        problem.message,
        /of the package @img\/sharp-libvips-linux-\w+, which isn't inst/,
      )
      if (arch === 'x64' && isLinuxX64) assert.equal(report.loaderMessage, loadText(file))
    }
  })

  test('the fix installs the package, here and elsewhere', async (t) => {
    const file = await placed(t, 'x64')
    const folder = dirname(dirname(file))
    const root = folder.slice(0, folder.indexOf('/node_modules/'))
    writeFileSync(join(root, 'package.json'), '{"name":"root","private":true}')
    const summaries = (target) =>
      scanNodeModules(root, { target }).fixes.map(({ summary }) => summary)
    const [elsewhere] = summaries('node@22/debian12-x64')
    assert.match(elsewhere, /^Install on linux-x64 \(Debian 12, glibc 2\.36\)/)
    if (isLinuxX64) assert.deepEqual(summaries(), ['Install the packages for this system'])
  })

  test('an older release of that package lacks the library', async (t) => {
    const older = 'node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8.17.3'
    const file = await placed(t, 'x64', { [older]: 'older' })
    const problem = missing(checkAbi(file, { target: 'node@22/debian12-x64' }))
    assert.match(problem.message, /sharp-libvips-linux-x64, whose installed files don't include it/)
    assert.equal(problem.package, null)
  })

  test('with that package, its library is judged', async () => {
    const file = await addon('x64')
    for (const [target, code] of [
      ['node@22/debian12-x64', undefined],
      ['electron@40/rhel9-x64', undefined],
      ['node@22/rhel7-x64', 'glibc-too-old'],
    ]) {
      const { problems, outcome } = checkAbi(file, { target })
      const first = problems.find(({ severity }) => severity === 'error')
      assert.equal(first?.code, code, target)
      assert.equal(outcome, code ? 'throws' : 'loads', target)
    }
  })

  test('its library for musl is judged by the rules of musl', async (t) => {
    const name = '@img/sharp-linuxmusl-x64'
    const file = await ofCorpus(name)
    const target = 'node@22/alpine3.22-x64'
    assert.equal(checkAbi(file, { target }).outcome, 'loads')
    const root = project(t, {
      [`node_modules/${name}/package.json`]: {
        name,
        optionalDependencies: { '@img/sharp-libvips-linuxmusl-x64': '1.3.4' },
      },
      [`node_modules/${name}/lib/sharp.node`]: copyOf(file),
    })
    const alone = checkAbi(join(root, `node_modules/${name}/lib/sharp.node`), { target })
    assert.equal(missing(alone).package, '@img/sharp-libvips-linuxmusl-x64')
    assert.match(alone.loaderMessage, /^Error loading shared library libvips-cpp\.so\.8\.18\.7: No/)
  })
})

describe('small addons', { skip: !(isLinuxX64 && compiler()) && 'needs linux-x64 and gcc' }, () => {
  const TARGET = 'node@22/debian12-x64'
  const INSTALLED = { own: 'app', dependency: 'libs-linux-x64' }

  /**
   * Compiles node_modules/app/app.node, which needs `soname` of node_modules/libs-linux-x64/lib.
   * @param {import('node:test').TestContext} t
   * @param {object} settings of the addon and of its package.json
   */
  function built(t, settings) {
    const { soname, runpath, manifest, library = 'int helped = 1;', flags = [], files } = settings
    const { own, dependency } = { ...INSTALLED, ...settings }
    const root = project(t, {
      'app.c': `extern int helped;
        void *napi_register_module_v1(void *env, void *exports) { return helped ? exports : 0; }`,
      'lib.c': library,
      [`node_modules/${own}/package.json`]: { name: own, version: '1.0.0', ...manifest },
      ...files,
    })
    const lib = join(root, 'node_modules', dependency, 'lib')
    mkdirSync(lib, { recursive: true })
    const gcc = (out, from, ...more) =>
      execFileSync('gcc', ['-shared', '-fPIC', '-nostdlib', '-o', out, join(root, from), ...more])
    gcc(join(lib, soname), 'lib.c', `-Wl,-soname,${soname}`, ...flags)
    const file = join(root, 'node_modules', own, 'app.node')
    const paths = runpath.map((path) => `-Wl,-rpath,${path}`)
    gcc(file, 'app.c', join(lib, soname), ...paths, '-Wl,--no-as-needed', '-l:libc.so.6')
    return { file, lib, root, without: () => rmSync(dirname(lib), { recursive: true }) }
  }

  const sibling = ['$ORIGIN/../libs-linux-x64/lib']
  const declared = { optionalDependencies: { 'libs-linux-x64': '1.0.0' } }

  test('a library is missing for certain only if a dependency contains it', (t) => {
    const libfoo = 'libfoo.so'
    for (const [name, settings, isCertain] of [
      ['a name without a version', { soname: libfoo, runpath: sibling }, true],
      ['an exact release', { soname: 'libfoo.so.1.2.3', runpath: sibling }, true],
      ['a name that a system may have', { soname: 'libfoo.so.1', runpath: sibling }, false],
      ['a listed name', { soname: 'libnss3.so', runpath: sibling }, false],
      ['not a dependency', { soname: libfoo, runpath: sibling, manifest: {} }, false],
      ['a folder of the system, too', { soname: libfoo, runpath: [...sibling, '/opt/x'] }, false],
      ['an unknown folder', { soname: libfoo, runpath: [...sibling, '$ORIGIN/$LIB'] }, false],
      ['no run-path', { soname: libfoo, runpath: [] }, false],
      ['only the own folder', { soname: libfoo, runpath: ['$ORIGIN'] }, false],
    ]) {
      const { file, without } = built(t, { manifest: declared, ...settings })
      const found = checkAbi(file, { target: TARGET })
      assert.equal(found.outcome, 'loads', name)
      if (settings.runpath.includes(sibling[0])) assert.equal(loadText(file), null, name)
      without()
      const report = checkAbi(file, { target: TARGET })
      assert.equal(missing(report)?.package, isCertain ? 'libs-linux-x64' : undefined, name)
      assert.equal(report.outcome, isCertain ? 'throws' : 'loads', name)
      assert.equal(report.complete, isCertain, name)
      if (isCertain) assert.equal(report.loaderMessage, loadText(file), name)
    }
  })

  test('a private library that is nowhere in the project is named', (t) => {
    const { file, without } = built(t, { soname: 'libfoo.so', runpath: ['$ORIGIN'] })
    without()
    const { problems } = checkAbi(file, { target: TARGET })
    assert.ok(
      problems.some(({ code, message }) => code === 'undetermined' && /libfoo\.so,/.test(message)),
    )
  })

  test('a library that is found is read', (t) => {
    const settings = { soname: 'libfoo.so', runpath: sibling, manifest: declared }
    const { file, lib } = built(t, settings)
    const path = join(lib, 'libfoo.so')
    for (const [content, code, text] of [
      [
        'not a library, but longer than a header '.repeat(3),
        'missing-library',
        'invalid ELF header',
      ],
      ['short', 'missing-library', 'file too short'],
    ]) {
      writeFileSync(path, content)
      const report = checkAbi(file, { target: TARGET })
      assert.equal(report.problems[0].code, code)
      assert.ok(report.loaderMessage.endsWith(text))
      assert.equal(report.loaderMessage, loadText(file))
    }
  })

  test('the needs of a library are followed', (t) => {
    const asks = `extern void *reallocarray(void *, unsigned long, unsigned long);
      int helped = 1; void *use(void) { return reallocarray(0, 1, 1); }`
    const settings = { soname: 'libfoo.so', runpath: sibling, manifest: declared }
    const { file } = built(t, { ...settings, library: asks, flags: ['-l:libc.so.6'] })
    const { problems } = checkAbi(file, { target: 'node@22/rhel7-x64' })
    assert.equal(problems[0].code, 'glibc-too-old')
    assert.equal(problems[0].required, 'GLIBC_2.26')
    assert.match(problems[0].message, /for libfoo\.so/)
    assert.equal(checkAbi(file, { target: TARGET }).outcome, 'loads')
  })

  test('a library that a package lacks is one fault, said once', (t) => {
    const { root, without } = built(t, {
      soname: 'libfoo.so',
      runpath: sibling,
      manifest: declared,
      own: 'user-linux-x64',
      files: {
        'package.json': { name: 'mine', dependencies: { user: '*' } },
        'node_modules/user/package.json': {
          name: 'user',
          version: '2.0.0',
          optionalDependencies: Object.fromEntries(
            ['user', 'libs'].flatMap((name) =>
              ['linux-x64', 'darwin-arm64'].map((system) => [`${name}-${system}`, '1.0.0']),
            ),
          ),
        },
        'node_modules/user/index.js': "module.exports = require('user-linux-x64/app.node')",
      },
    })
    const text = (target) => formatReport(scanNodeModules(root, { target }), 'text')
    assert.match(text(), /^1 native package checked for .*: no problem found\.\n$/)
    without()
    for (const target of [undefined, TARGET]) {
      const { packages } = scanNodeModules(root, { target })
      assert.deepEqual(
        packages.map(({ name, ok }) => [name, ok]),
        [
          ['user', false],
          ['user-linux-x64', false],
        ],
      )
      const said = text(target)
      assert.match(said, /^1 of 1 native package can't be loaded/)
      assert.equal(said.match(/libs-linux-x64/g).length, 1, said)
      assert.equal(said.match(/libfoo\.so/g).length, 2, said)
      assert.equal(said.match(/^Install /gm).length, 1, said)
    }
  })

  test('the floor of a package counts its own libraries', (t) => {
    const asks = `extern void *reallocarray(void *, unsigned long, unsigned long);
      int helped = 1; void *use(void) { return reallocarray(0, 1, 1); }`
    const settings = { soname: 'libfoo.so', library: asks, flags: ['-l:libc.so.6'] }
    const { file, lib } = built(t, { ...settings, runpath: ['$ORIGIN/lib', ...sibling] })
    const floor = () => auditPackage(dirname(file)).floors.map(({ system, libc }) => [system, libc])
    // A library of another package counts there.
    assert.equal(checkAbi(file).ok, true)
    assert.deepEqual(floor(), [['linux-x64-glibc', glibcOf(file)]])
    const own = join(dirname(file), 'lib')
    cpSync(lib, own, { recursive: true })
    assert.deepEqual(floor(), [['linux-x64-glibc', glibcOf(join(own, 'libfoo.so'))]])
    assert.notEqual(glibcOf(file), glibcOf(join(own, 'libfoo.so')))
  })

  test('links of a store lead to the dependency', (t) => {
    const { file, lib, root } = built(t, {
      soname: 'libfoo.so',
      runpath: sibling,
      manifest: declared,
    })
    const store = join(root, 'node_modules/.store')
    const moved = join(store, 'app@1.0.0/node_modules/app/app.node')
    mkdirSync(dirname(moved), { recursive: true })
    copyFileSync(file, moved)
    copyFileSync(join(dirname(file), 'package.json'), join(dirname(moved), 'package.json'))
    const link = join(store, 'app@1.0.0/node_modules/libs-linux-x64')
    symlinkSync(dirname(lib), link)
    assert.equal(missing(checkAbi(moved, { target: TARGET })), undefined)
    assert.equal(loadText(moved), null)
    rmSync(link)
    assert.equal(missing(checkAbi(moved, { target: TARGET })).package, 'libs-linux-x64')
    assert.ok(loadText(moved))
    assert.deepEqual(readdirSync(lib), ['libfoo.so'])
  })
})
