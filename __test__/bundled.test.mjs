// Outputs of bundlers: what is inlined in a bundle searches from the folder of the bundle. The
// bundles here are small and written by hand; `shapes/bundled` builds real ones.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { checkArtifact } from '../index.js'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compile, compiler } from './fixtures/compile.mjs'
import { app, HELPERS, module_, result, runs } from './support/bundles.mjs'
import { cli } from './support/command.mjs'
import { project } from './support/project.mjs'
import { zip, zipped } from './support/zip.mjs'

const skip = !(isLinuxX64 && compiler()) && 'needs Linux on x64 and gcc'
const target = 'lambda/nodejs22'

const LOADER = `module.exports = (dir) => {
      for (const file of ['build/Release/x.node', 'prebuilds/linux-x64/x.node'])
        if (require('fs').existsSync(require('path').join(dir, file)))
          return require(require('path').join(dir, file));
      throw new Error('No native build was found in ' + dir);
    };`
const GYP = module_('node_modules/node-gyp-build/index.js', 'node_gyp_build', LOADER)
const NATIVE = module_(
  'node_modules/native/index.js',
  'native',
  'module.exports = require_node_gyp_build()(__dirname);',
)
const inlined = (text = 'require_native();') => HELPERS + GYP + NATIVE + app(text)

const LINES = "external: ['native'],"
const bad = (lines = LINES) => [false, [['native', false]], [lines]]

describe('a bundle', { skip }, () => {
  let addon, lacking
  before(async () => {
    addon = readFileSync(await compile('napi', { NAPISYM: true }))
    const how = { library: { NO_EXPORTS: true }, flags: ['-Wl,-rpath,$ORIGIN'] }
    lacking = readFileSync(await compile('lacking', { NAPISYM: true }, how))
  })

  for (const [what, files, expected] of [
    ['without the addon', {}, bad()],
    [
      'with the addon beside it',
      () => ({ 'prebuilds/linux-x64/x.node': addon }),
      [true, [['native', true]], []],
    ],
    ['with an addon for another system', () => ({ 'prebuilds/linux-arm64/x.node': addon }), bad()],
  ])
    test(`with a loader, ${what}, is judged as it starts`, (t) => {
      const more = typeof files === 'function' ? files() : files
      const folder = project(t, {
        'package.json': { name: 'app' },
        'node_modules/native/package.json': { name: 'native' },
        'node_modules/native/prebuilds/linux-x64/x.node': addon,
        ...Object.fromEntries(
          Object.entries({ 'main.js': inlined(), ...more }).map(([name, file]) => [
            `dist/${name}`,
            file,
          ]),
        ),
      })
      const dist = join(folder, 'dist')
      assert.deepEqual(result(checkArtifact(dist)), expected)
      assert.equal(runs(t, dist, 'main.js'), expected[0])
      const { status, stdout } = spawnSync(process.execPath, [cli, 'check', dist])
      assert.equal(status, expected[0] ? 0 : 1)
      for (const line of expected[2]) assert.ok(String(stdout).includes(line), String(stdout))
      // A project isn't the output that it has.
      assert.throws(() => checkArtifact(folder), { code: 'ERR_UNKNOWN_ARTIFACT' })
    })

  for (const [what, text, more = ''] of [
    ['in try', 'try { require_native() } catch { console.log(1) }'],
    ['nowhere', 'console.log(1)'],
    [
      'by a package that is required in try',
      'try { require_between() } catch { console.log(1) }',
      module_('node_modules/between/index.js', 'between', 'require_native();'),
    ],
    ['for another system', "if (process.platform === 'win32') require_native();"],
  ])
    test(`that runs its loader ${what} is no defect`, (t) => {
      const folder = project(t, { 'main.js': HELPERS + GYP + NATIVE + more + app(text) })
      assert.deepEqual(result(checkArtifact(folder)), [true, [], []])
      assert.equal(runs(t, folder, 'main.js'), true)
    })

  test('whose package has a fallback is no defect', (t) => {
    const text = `try { module.exports = require_node_gyp_build()(__dirname) } catch (e) {
      module.exports = 1; }`
    const native = module_('node_modules/native/index.js', 'native', text)
    const folder = project(t, { 'main.js': HELPERS + GYP + native + app('require_native();') })
    assert.deepEqual(result(checkArtifact(folder)), [true, [], []])
    assert.equal(runs(t, folder, 'main.js'), true)
  })

  test('with an argument that leads out of its folder, or is computed, is not judged', (t) => {
    for (const argument of ["require('path').join(__dirname, '..')", 'process.env.X', '']) {
      const native = NATIVE.replace('(__dirname)', `(${argument})`)
      const folder = project(t, { 'main.js': HELPERS + GYP + native + app('require_native();') })
      assert.deepEqual(result(checkArtifact(folder)), [true, [], []], argument)
    }
  })

  const map = (prefix) => ({
    version: 3,
    sources: [
      'node_modules/node-gyp-build/index.js',
      'node_modules/native/index.js',
      'src/a.js',
    ].map((name) => `${prefix}${name}`),
    sourcesContent: [
      LOADER,
      "module.exports = require('node-gyp-build')(__dirname)\n",
      "require('native')\n",
    ],
    mappings: '',
  })
  for (const [tool, text, prefix, lines] of [
    ['esbuild', 'var a=(r,e)=>()=>(e||r((e={exports:{}}).exports,e),e.exports);', '../', LINES],
    [
      'webpack',
      '(()=>{var e={1:e=>{e.exports=1}};',
      'webpack://app/./',
      "externals: { native: 'commonjs native' },",
    ],
    ['ncc', '(()=>{var __nccwpck_require__;', '.././', '--external native'],
  ])
    test(`of ${tool}, minified, is judged by its source map`, (t) => {
      const script = `${text}x(__dirname)\n`
      const folder = project(t, { 'main.js': script, 'main.js.map': map(prefix) })
      assert.deepEqual(result(checkArtifact(folder)), bad(lines))
      // What is inlined in it is unknown without the map.
      const alone = project(t, { 'main.js': script })
      if (tool === 'ncc') assert.deepEqual(result(checkArtifact(alone)), [true, [], []])
      else assert.throws(() => checkArtifact(alone), { code: 'ERR_UNKNOWN_ARTIFACT' })
    })

  const copied = 'require("./x.linux-x64-gnu-J2LGMM6E.node");'
  const COPY = HELPERS + module_('node_modules/x/index.js', 'x', copied) + app('require_x();')
  test('with a copied addon is judged by that file', (t) => {
    const name = 'x.linux-x64-gnu-J2LGMM6E.node'
    for (const [files, ok, codes] of [
      [{ [name]: addon }, true, []],
      [{ [name]: lacking }, false, ['missing-library']],
      [{}, false, ['no-matching-prebuild']],
    ]) {
      const folder = project(t, { 'main.js': COPY, ...files })
      const [report] = checkArtifact(folder)
      const problems = report.packages.flatMap((it) => [
        ...it.problems,
        ...(it.active?.problems ?? []),
      ])
      assert.deepEqual([report.ok, problems.map(({ code }) => code)], [ok, codes])
      assert.equal(runs(t, folder, 'main.js'), ok)
    }
  })

  test('tries several addons, and one is there', (t) => {
    const text = `const errors = [];
    let found;
    const all = () => {
      try { return require("./x.linux-x64-gnu.node"); } catch (e) { errors.push(e) }
      try { return require("./x.linux-x64-gnu-J2LGMM6E.node"); } catch (e) { errors.push(e) }
    };
    found = all();
    if (!found) throw new Error('none');`
    const bundle = HELPERS + module_('node_modules/x/index.js', 'x', text) + app('require_x();')
    const folder = project(t, { 'main.js': bundle, 'x.linux-x64-gnu-J2LGMM6E.node': addon })
    const [ok] = result(checkArtifact(folder))
    assert.deepEqual([ok, runs(t, folder, 'main.js')], [true, true])
  })

  test('with an addon for another system is broken if it runs it', (t) => {
    const foreign = Buffer.from(addon)
    // The processor in the header of an ELF file: AArch64.
    foreign.writeUInt16LE(183, 18)
    const name = 'x-J2LGMM6E.node'
    const text = `module.exports = require("./${name}");`
    const bundle = (start) => HELPERS + module_('node_modules/x/index.js', 'x', text) + app(start)
    for (const [start, ok] of [
      ['require_x();', false],
      // chokidar does so with fsevents, which is for macOS.
      ['try { require_x() } catch { console.log(1) }', true],
    ]) {
      const folder = project(t, { 'main.js': bundle(start), [name]: foreign })
      assert.deepEqual([result(checkArtifact(folder))[0], runs(t, folder, 'main.js')], [ok, ok])
    }
  })

  test('in the archive of a function is judged without a package.json', (t) => {
    const pack = (files) =>
      zip(Object.entries(files).map(([name, content]) => zipped(name, content)))
    const file = join(project(t), 'fn.zip')
    writeFileSync(file, pack({ 'index.js': inlined() }))
    assert.deepEqual(result(checkArtifact(file, { target })), bad())
    writeFileSync(file, pack({ 'index.js': inlined(), 'prebuilds/linux-x64/x.node': addon }))
    assert.deepEqual(result(checkArtifact(file, { target })), [true, [['native', true]], []])
    const external = `${HELPERS}${app("require('native');")}`
    // A layer may have it.
    writeFileSync(file, pack({ 'index.js': external }))
    assert.deepEqual(result(checkArtifact(file, { target })), [true, [], []])
  })

  test('in the folder of an installed package is no output', (t) => {
    const folder = project(t, { 'node_modules/a/index.js': inlined() })
    assert.throws(() => checkArtifact(join(folder, 'node_modules/a')), {
      code: 'ERR_UNKNOWN_ARTIFACT',
    })
  })

  test('that is cut or damaged anywhere gives a report or a coded error', (t) => {
    const folder = project(t, { 'main.js': '' })
    const text = inlined()
    const source = JSON.stringify(map('../'))
    for (let length = 0; length < text.length; length += 23) {
      writeFileSync(join(folder, 'main.js'), text.slice(0, length))
      writeFileSync(join(folder, 'main.js.map'), source.slice(0, length))
      try {
        checkArtifact(folder)
      } catch (error) {
        assert.equal(error.code, 'ERR_UNKNOWN_ARTIFACT', error.stack)
      }
    }
  })
})
