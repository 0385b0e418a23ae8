// Packages in a bundle that require an addon or a platform package by a name, also a computed one.
// They search from the folder of the bundle. `shapes/bundled` builds real ones.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkArtifact } from '../index.js'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compile, compiler } from './fixtures/compile.mjs'
import { app, HELPERS, module_, result, runs } from './support/bundles.mjs'
import { cli, run } from './support/command.mjs'
import { project } from './support/project.mjs'

const own = fileURLToPath(new URL('..', import.meta.url))
const skip = !(isLinuxX64 && compiler()) && 'needs Linux on x64 and gcc'

/** Ways to load an addon, and the file that each of them looks for below the bundle, if any. */
const WAYS = {
  'a computed platform package, or throws': [
    `let path, found;
    const paths = [\`../build/x-\${process.platform}.node\`, \`@x/p-\${process.platform}-x64/x.node\`];
    for (path of paths) { try { found = require(path); break } catch {} }
    if (!found) throw new Error('none');`,
    'node_modules/@x/p-linux-x64/x.node',
  ],
  'a platform package with a part that only a process knows': [
    `module.exports = require(\`@x/p-linux\${require('os').type().slice(5)}-x64/x.node\`);`,
    'node_modules/@x/p-linux-x64/x.node',
  ],
  'a computed file': [
    "const name = 'x'; module.exports = require('./build/Release/' + name + '.node');",
    'build/Release/x.node',
  ],
  'a platform package, and then a file': [
    `try { module.exports = require(\`p-\${process.platform}-x64/x.node\`) } catch {
      module.exports = require(\`./x.\${process.platform}.node\`) }`,
    'x.linux.node',
  ],
  'a file by a function with its name': [
    `const load = (name) => {
      for (const folder of ['build/Release', 'build/Debug']) {
        try { return require(\`./\${folder}/\${name}.node\`) } catch {}
      }
      throw new Error('none');
    };
    module.exports = load(process.argv[2] ?? 'x');`,
    'build/Debug/x.node',
  ],
  'a template, as esbuild puts it': [
    `module.exports = globRequire_x_node(\`./x.\${process.platform}.node\`);
  }
});
var globRequire_x_node = (name) => require(name);
var require_unused = __commonJS({
  "node_modules/native/unused.js"(exports, module) {`,
    'x.linux.node',
  ],
}

const bundle = (text, start = 'require_native();') =>
  HELPERS + module_('node_modules/native/index.js', 'native', text) + app(start)
const bad = [false, [['native', false]], ["external: ['native'],"]]
const good = [true, [], []]

describe('a package in a bundle', { skip }, () => {
  let addon
  before(async () => {
    addon = readFileSync(await compile('napi', { NAPISYM: true }))
  })
  const at = (file) => ({ [file]: addon })

  for (const [what, [text, file]] of Object.entries(WAYS)) {
    test(`that requires ${what}, needs it in the output`, (t) => {
      const lost = project(t, { 'main.js': bundle(text) })
      const reports = checkArtifact(lost)
      assert.deepEqual(result(reports), bad)
      const [{ message }] = reports[0].packages[0].problems
      assert.match(message, /^it is bundled into main\.js without .* linux-x64/)
      assert.equal(runs(t, lost, 'main.js'), false)
      const { status, stdout } = spawnSync(process.execPath, [cli, 'check', lost])
      assert.deepEqual([status, String(stdout).includes(bad[2][0])], [1, true], String(stdout))

      const found = project(t, { 'main.js': bundle(text), ...at(file) })
      assert.equal(result(checkArtifact(found))[0], true)
      assert.equal(runs(t, found, 'main.js'), true)
    })

    test(`that requires ${what} in try, has a fallback`, (t) => {
      for (const start of [
        'try { require_native() } catch {}',
        "if (process.platform === 'win32') require_native();",
      ]) {
        const folder = project(t, { 'main.js': bundle(text, start) })
        assert.deepEqual(result(checkArtifact(folder)), good)
        assert.equal(runs(t, folder, 'main.js'), true)
      }
    })
  }

  for (const [what, text] of [
    ['a file of another system', "if (process.platform === 'win32') require('./x.node');"],
    ['a plugin by its name', "exports.load = (name) => require('plugin-' + name);"],
    ['any file', 'exports.load = (file) => require(file);'],
    ['a file that it has a fallback for', "try { require('./x.node') } catch {}"],
    ['a file for another processor', 'exports.load = () => require("p-linux-arm64/x.node");'],
  ])
    test(`that requires ${what}, lacks nothing`, (t) => {
      const folder = project(t, { 'main.js': bundle(text) })
      assert.deepEqual(result(checkArtifact(folder)), good)
      assert.equal(runs(t, folder, 'main.js'), true)
    })

  test('that has modules for other systems, needs only its own', (t) => {
    const text = `module.exports = process.platform === 'darwin' ? require_darwin() : 1;`
    const darwin = module_('node_modules/native/darwin.js', 'darwin', "require('./x.node');")
    const folder = project(t, { 'main.js': HELPERS + darwin + bundle(text).slice(HELPERS.length) })
    assert.deepEqual(result(checkArtifact(folder)), good)
    assert.equal(runs(t, folder, 'main.js'), true)
  })

  test('that another package requires only in a function, may not be used', (t) => {
    const text = "module.exports = require('./' + process.arch + '.node');"
    const between = (text) => module_('node_modules/between/index.js', 'between', text)
    const late = between('exports.watch = () => require_native();')
    const soon = between('exports.watch = require_native();')
    for (const [more, start, expected] of [
      [late, 'require_between();', good],
      [soon, 'require_between();', bad],
      // What the app itself requires, it uses.
      ['', 'exports.handler = () => require_native();', bad],
    ]) {
      const folder = project(t, {
        'main.js': bundle(text, start).replace('\n// src', `${more}\n// src`),
      })
      assert.deepEqual(result(checkArtifact(folder)), expected)
    }
  })

  test('is known by a map in the bundle, by one with another name, and by one in parts', (t) => {
    const text = "module.exports = require('./' + process.arch + '.node')\n"
    const part = {
      sources: ['../node_modules/native/index.js', '../app.js'],
      sourcesContent: [text, "require('native')\n"],
    }
    const script = 'var a=(r,e)=>()=>(e||r((e={exports:{}}).exports,e),e.exports);\n'
    const inline = Buffer.from(JSON.stringify({ version: 3, ...part })).toString('base64')
    const parts = { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: part }] }
    const comment = '//# sourceMappingURL='
    for (const files of [
      { 'main.js': `${script}${comment}data:application/json;base64,${inline}\n` },
      { 'main.js': `${script}${comment}data:application/json;charset=utf-8;base64,${inline}` },
      { 'main.js': `${script}${comment}maps/other.map\n`, 'maps/other.map': part },
      { 'main.js': script, 'main.js.map': parts },
    ])
      assert.deepEqual(result(checkArtifact(project(t, files))), bad)
    // A map is no reason to read what doesn't ship.
    const outside = project(t, {
      'dist/main.js': `${script}${comment}../main.js.map\n`,
      'main.js.map': part,
    })
    assert.throws(() => checkArtifact(join(outside, 'dist')), { code: 'ERR_UNKNOWN_ARTIFACT' })
  })

  test('of a minified bundle without a map is unseen, and the report says so', async (t) => {
    const folder = project(t, {
      'node_modules/native/index.js': "module.exports = require('./' + process.arch + '.node')\n",
      'node_modules/plain/index.js': 'module.exports = process.arch\n',
      'app.js': "require('native')\n",
      'harmless.js': "require('plain')\n",
    })
    const built = async (entry, options) => {
      const outfile = join(project(t), 'main.js')
      const script = `require('esbuild').buildSync(${JSON.stringify({
        entryPoints: [join(folder, entry)],
        bundle: true,
        platform: 'node',
        minify: true,
        outfile,
        ...options,
      })})`
      assert.equal(spawnSync(process.execPath, ['-e', script], { cwd: own }).status, 0)
      return dirname(outfile)
    }
    const unseen = await built('app.js')
    assert.equal(runs(t, unseen, 'main.js'), false)
    const [{ ok, complete, problems }] = checkArtifact(unseen)
    assert.deepEqual([ok, complete], [true, false])
    assert.deepEqual([problems[0].code, problems[0].what], ['undetermined', 'bundle'])
    const { code, out } = await run(['check', unseen])
    assert.equal(code, 0)
    assert.match(out, /^No native packages were found in /)
    assert.match(out, /main\.js is a bundle without a source map, .+--sourcemap/s)
    assert.equal((await run(['check', '--strict', unseen])).code, 1)
    const seen = await built('app.js', { sourcemap: true })
    assert.deepEqual(result(checkArtifact(seen)), bad)
    const harmless = await built('harmless.js')
    assert.throws(() => checkArtifact(harmless), { code: 'ERR_UNKNOWN_ARTIFACT' })
  })
})
