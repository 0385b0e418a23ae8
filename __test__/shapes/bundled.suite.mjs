// Real esbuild, webpack and @vercel/ncc: the verdict on each output is what happens when it is
// started, where no project is around it. The lines of the report, pasted literally, repair it.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkArtifact } from '../../index.js'
import { write } from '../layouts/installed.mjs'
import { installedIn } from '../runners/install.mjs'
import { node } from '../support/apps.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Apps that use the addon of a package. */
const APPS = {
  bcrypt: "console.log(require('bcrypt').hashSync('x', 4))",
  canvas: "console.log(require('@napi-rs/canvas').createCanvas(3, 3).width)",
  xxhash: "console.log(require('@node-rs/xxhash').xxh32('x'))",
  // These require a platform package, or a file, by a computed name.
  lightningcss: "console.log(require('lightningcss').Features.Nesting)",
  sharp: "console.log(require('sharp').versions.sharp)",
  watcher: "console.log(typeof require('@parcel/watcher').subscribe)",
  // It uses bufferutil, if that can be loaded.
  ws: "console.log(typeof require('ws').WebSocket)",
}

function folderFor() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-bundled-')))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The reports on an output. A script without any package in it isn't known as one of a bundler. */
function reportsOn(folder) {
  try {
    return checkArtifact(folder)
  } catch (error) {
    assert.equal(error.code, 'ERR_UNKNOWN_ARTIFACT', error.stack)
    return [{ ok: true, packages: [], fixes: [] }]
  }
}

/** The options in the lines of a report, pasted literally into those of the tool. */
const pasted = (lines) => (lines ? new Function(`return { ${lines} }`)() : {})
const words = (lines) => lines?.split(' ') ?? []

const esbuild = (options) => async (folder, entry, lines) => {
  await createRequire(join(folder, 'x.js'))('esbuild').build({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    outfile: join(folder, 'dist/index.js'),
    logLevel: 'silent',
    ...options,
    ...pasted(lines),
  })
}
const webpack = (options) => async (folder, entry, lines) => {
  const tool = createRequire(join(folder, 'x.js'))('webpack')
  const how = {
    target: 'node',
    context: folder,
    entry: `./${entry}`,
    output: { path: join(folder, 'dist'), filename: 'index.js' },
    ...options,
    ...pasted(lines),
  }
  const stats = await new Promise((done, fail) =>
    tool(how, (error, result) => (error ? fail(error) : done(result))),
  )
  assert.equal(stats.hasErrors(), false, stats.toString())
}
const ncc = (options) => async (folder, entry, lines) => {
  const tool = 'node_modules/@vercel/ncc/dist/ncc/cli.js'
  const args = [tool, 'build', entry, '-o', 'dist', '-q', ...options, ...words(lines)]
  const { code, stderr } = await node(args, { cwd: folder, timeout: 300_000 })
  assert.equal(code, 0, stderr)
}
const addons = { module: { rules: [{ test: /\.node$/, loader: 'node-loader' }] } }
const copy = { loader: { '.node': 'copy' } }
const required =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)"
const esm = { format: 'esm', banner: { js: required } }
const map = { mode: 'production', devtool: 'source-map' }

/** A tool with its options, an app, and the packages that its output can't load. */
const TRIALS = [
  ['esbuild', esbuild({}), 'bcrypt', ['bcrypt']],
  [
    'esbuild, minified with a map',
    esbuild({ minify: true, sourcemap: true }),
    'bcrypt',
    ['bcrypt'],
  ],
  ['esbuild', esbuild({}), 'sharp', ['sharp']],
  ['esbuild, for import', esbuild(esm), 'sharp', ['sharp']],
  [
    'esbuild, minified with a map in it',
    esbuild({ minify: true, sourcemap: 'inline' }),
    'sharp',
    ['sharp'],
  ],
  ['webpack with a map', webpack(map), 'sharp', ['sharp']],
  // It copies the platform package.
  ['ncc with a map', ncc(['-s']), 'sharp', []],
  ['esbuild', esbuild({}), 'watcher', ['@parcel/watcher']],
  ['webpack with a map', webpack(map), 'watcher', ['@parcel/watcher']],
  ['esbuild', esbuild({}), 'lightningcss', ['lightningcss']],
  ['webpack with a map', webpack(map), 'lightningcss', ['lightningcss']],
  ['ncc with a map', ncc(['-s']), 'lightningcss', ['lightningcss']],
  ['esbuild with the loader copy', esbuild(copy), 'canvas', []],
  [
    'esbuild, minified with a map',
    esbuild({ ...copy, minify: true, sourcemap: true }),
    'canvas',
    [],
  ],
  ['esbuild with the loader copy', esbuild(copy), 'xxhash', []],
  ['esbuild', esbuild({}), 'ws', []],
  ['esbuild, minified with a map', esbuild({ minify: true, sourcemap: true }), 'ws', []],
  ['webpack with a map', webpack(map), 'bcrypt', ['bcrypt']],
  ['webpack with a map', webpack(map), 'ws', []],
  ['webpack with node-loader', webpack({ mode: 'development', ...addons }), 'canvas', []],
  ['webpack with node-loader', webpack({ ...map, ...addons }), 'xxhash', []],
  // It copies the prebuilt file for this system.
  ['ncc with a map', ncc(['-s']), 'bcrypt', []],
  ['ncc', ncc([]), 'bcrypt', []],
  ['ncc with a map', ncc(['-s']), 'ws', []],
  ['ncc', ncc([]), 'canvas', []],
  ['ncc, minified', ncc(['-m']), 'xxhash', []],
]

/** Outputs without a map, which fail at their start. */
const UNSEEN = [
  ['esbuild, minified', esbuild({ minify: true }), 'sharp'],
  ['esbuild, minified', esbuild({ minify: true }), 'watcher'],
  ['webpack', webpack({ mode: 'production' }), 'sharp'],
  ['webpack, not minified', webpack({ mode: 'none' }), 'bcrypt'],
  ['webpack', webpack({ mode: 'production' }), 'lightningcss'],
  ['ncc', ncc([]), 'lightningcss'],
  ['ncc, minified', ncc(['-m']), 'watcher'],
]

export function bundled() {
  let installed
  before(async () => {
    installed = await installedIn(here, 'bundled')
  })

  /** True if the copy of an output runs, with some packages beside it. */
  const runs = async (output, packages) => {
    const folder = folderFor()
    cpSync(output, folder, { recursive: true })
    // Their dependencies must be there too.
    if (packages.length > 0)
      symlinkSync(join(installed, 'node_modules'), join(folder, 'node_modules'))
    const { code } = await node([join(folder, 'index.js')], { cwd: '/' })
    return code === 0
  }

  const projectOf = (app) => {
    const folder = folderFor()
    symlinkSync(join(installed, 'node_modules'), join(folder, 'node_modules'))
    write(folder, {
      'package.json': JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')),
      'app.js': APPS[app],
    })
    return folder
  }

  for (const [tool, build, app] of UNSEEN)
    test(`${tool}, without a map: ${app}`, async () => {
      const folder = projectOf(app)
      const output = join(folder, 'dist')
      await build(folder, 'app.js')
      assert.equal(await runs(output, []), false)
      const [{ ok, complete, problems }] = reportsOn(output)
      assert.deepEqual([ok, complete], [true, false])
      assert.match(problems[0].message, /^index\.js is a bundle without a source map/)
    })

  for (const [tool, build, app, expected] of TRIALS)
    test(`${tool}: ${app}`, async () => {
      const folder = projectOf(app)
      const output = join(folder, 'dist')
      const built = async (lines) => {
        rmSync(output, { recursive: true, force: true })
        await build(folder, 'app.js', lines)
        // Both the folder in the project and a copy elsewhere have the verdict.
        const elsewhere = folderFor()
        cpSync(output, elsewhere, { recursive: true })
        const [report, copied] = [output, elsewhere].flatMap((place) => reportsOn(place))
        assert.equal(report.ok, copied.ok)
        return report
      }
      const report = await built()
      const broken = report.packages.filter(({ ok }) => !ok).map(({ name }) => name)
      assert.deepEqual(broken, expected)
      assert.equal(await runs(output, []), expected.length === 0)
      if (expected.length === 0) return
      const [{ snippet }, ...rest] = report.fixes
      assert.deepEqual(rest, [])
      const repaired = await built(snippet)
      assert.deepEqual([repaired.ok, repaired.packages], [true, []], snippet)
      assert.equal(await runs(output, expected), true)
    })
}
