// Folders beside Electron's archives, outputs of bundlers, and folders of several addons. What a
// bundle loads is compared with Node.js.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { before, describe, test } from 'node:test'
import { scanNodeModules } from '../../index.js'
import { addonOf } from '../support/addons.mjs'
import { copyOf, project } from '../support/project.mjs'
import { loads, node, tools } from './tools.mjs'

let made
let fine
let throwing
before(async () => {
  made = await tools({
    '@electron/asar': '3.4.1',
    '@vercel/ncc': '0.38.4',
    '@vercel/webpack-asset-relocator-loader': '1.7.3',
    '@rollup/plugin-commonjs': '28.0.9',
    esbuild: '0.25.12',
    'node-loader': '2.1.0',
    parcel: '2.16.0',
    rollup: '4.52.5',
    'rollup-plugin-natives': '0.7.8',
    vite: '7.1.12',
    webpack: '5.102.1',
  })
  fine = copyOf(await addonOf('fine'))
  throwing = copyOf(await addonOf('throws'))
})

/** The files that are judged, and whether they load. */
const judged = (folder, options) =>
  scanNodeModules(folder, options)
    .packages.filter(({ active }) => active)
    .map(({ active }) => [active.file, active.ok])
    .toSorted()

describe('the files beside an archive of Electron', () => {
  async function packed(t) {
    const folder = project(t, {
      'app/package.json': { name: 'app', dependencies: { a: '*', b: '*' } },
      // Without its script, its files look like those of a package for other systems.
      'app/node_modules/a/package.json': { name: 'a', version: '1.0.0', main: 'index.js' },
      'app/node_modules/a/index.js': "module.exports = require('./lib/win32-x64/a.node')",
      'app/node_modules/a/lib/win32-x64/a.node': fine,
      'app/node_modules/b/package.json': { name: 'b', version: '2.0.0' },
      'app/node_modules/b/index.js': "module.exports = require('./build/Release/b.node')",
      'app/node_modules/b/build/Release/b.node': throwing,
      'app/own.node': fine,
    })
    const archive = join(folder, 'resources/app.asar')
    mkdirSync(join(folder, 'resources'))
    const script = `require('@electron/asar').createPackageWithOptions(...process.argv.slice(1, 3),
      { unpack: '*.node' })`
    await node(['-e', script, join(folder, 'app'), archive], { cwd: made })
    rmSync(join(folder, 'app'), { recursive: true })
    return folder
  }
  const rows = (folder) =>
    scanNodeModules(folder).packages.map(({ name, version, active, problems }) => [
      name,
      version,
      active && basename(active.file),
      active ? active.ok : problems[0]?.code,
    ])

  for (const place of ['resources', 'resources/app.asar.unpacked'])
    test(`are judged with the package.json and scripts in it, from ${place}`, async (t) => {
      const folder = await packed(t)
      assert.deepEqual(rows(join(folder, place)), [
        ['app', null, 'own.node', true],
        ['a', '1.0.0', null, 'no-matching-prebuild'],
        ['b', '2.0.0', 'b.node', false],
      ])
    })

  test('of one package are judged alike', async (t) => {
    const folder = join(await packed(t), 'resources/app.asar.unpacked/node_modules')
    assert.deepEqual(
      rows(folder).map(([name]) => name),
      ['a', 'b'],
    )
  })

  for (const place of ['resources', 'resources/app.asar.unpacked'])
    test(`are missing if only the archive lists them, from ${place}`, async (t) => {
      const folder = await packed(t)
      const lost = 'resources/app.asar.unpacked/node_modules/b/build/Release/b.node'
      rmSync(join(folder, lost))
      const { packages } = scanNodeModules(join(folder, place))
      const { ok, problems } = packages.find(({ name }) => name === 'b')
      assert.equal(ok, false)
      assert.deepEqual(
        problems.map(({ code, severity, leftOut }) => [code, severity, leftOut]),
        [['no-matching-prebuild', 'error', true]],
      )
      assert.ok(problems[0].message.includes(join(folder, lost)))
    })

  test('without an archive are a folder like others', async (t) => {
    const folder = project(t, { 'app.asar.unpacked/a.node': fine })
    assert.equal(judged(join(folder, 'app.asar.unpacked')).length, 1)
  })
})

describe('an output of a bundler', () => {
  const files = () => ({
    'package.json': { name: 'app' },
    'src/index.js': "exports.a = require('./alpha.node')\nexports.b = require('./beta.node')\n",
    'src/alpha.node': fine,
    'src/beta.node': copyOf(throwing.file),
  })
  const run = (folder, script) => node(['-e', script], { cwd: folder, env: environment(folder) })
  const environment = () => ({ ...process.env, NODE_PATH: join(made, 'node_modules') })
  const webpack = (output, loader, options = '{}') => `require('webpack')({ mode: 'production',
    target: 'node', context: process.cwd(), entry: './src/index.js',
    output: { path: process.cwd() + '/${output}', library: { type: 'commonjs2' } },
    module: { rules: [{ test: /\\.node$/, parser: { amd: false },
    use: { loader: require.resolve('${loader}'), options: ${options} } }] } }, (error, stats) => {
      if (error || stats.hasErrors()) throw error ?? new Error(stats.toString()) })`
  const bundlers = {
    'esbuild with the loader copy': [
      'dist',
      (folder) =>
        run(
          folder,
          `require('esbuild').buildSync({ entryPoints: ['src/index.js'], bundle: true,
        platform: 'node', loader: { '.node': 'copy' }, outdir: 'dist' })`,
        ),
    ],
    'webpack with node-loader': [
      '.webpack/main',
      (folder) => run(folder, webpack('.webpack/main', 'node-loader')),
    ],
    "webpack with Electron Forge's loader": [
      '.webpack/renderer',
      (folder) => {
        const loader = '@vercel/webpack-asset-relocator-loader'
        const options = "{ outputAssetBase: 'native_modules' }"
        return run(folder, webpack('.webpack/renderer', loader, options))
      },
    ],
    Parcel: [
      'dist',
      (folder) => {
        const manifest = {
          name: 'app',
          source: 'src/index.js',
          main: 'dist/index.js',
          engines: { node: '>= 18' },
          targets: { main: { context: 'node', outputFormat: 'commonjs' } },
        }
        writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
        symlinkSync(join(made, 'node_modules'), join(folder, 'node_modules'))
        return node([join(made, 'node_modules/parcel/lib/bin.js'), 'build', '--no-cache'], {
          cwd: folder,
        }).then(() => rmSync(join(folder, 'node_modules')))
      },
    ],
    ncc: [
      'dist',
      (folder) =>
        node(
          [
            join(made, 'node_modules/@vercel/ncc/dist/ncc/cli.js'),
            'build',
            'src/index.js',
            '-o',
            'dist',
          ],
          { cwd: folder },
        ),
    ],
    Rollup: [
      '.output/server',
      (folder) =>
        run(
          folder,
          `const natives = require('rollup-plugin-natives')
        require('rollup').rollup({ input: 'src/index.js', plugins: [
          natives({ copyTo: '.output/server/libs', destDir: './libs' }),
          require('@rollup/plugin-commonjs')({ ignoreDynamicRequires: true })] })
        .then((one) => one.write({ file: '.output/server/index.js', format: 'cjs' }))`,
        ),
    ],
    Vite: [
      '.vite/build',
      (folder) =>
        run(
          folder,
          `import('${join(made, 'node_modules/vite/dist/node/index.js')}').then(({ build }) =>
        build({ configFile: false, build: { outDir: '.vite/build', minify: false, ssr: 'src/index.js',
          rollupOptions: { external: [/\\.node$/], output: { format: 'cjs' } } } }))
        .then(() => { for (const name of ['alpha', 'beta'])
          require('fs').copyFileSync('src/' + name + '.node', '.vite/build/' + name + '.node') })`,
        ),
    ],
  }
  for (const [name, [output, make]] of Object.entries(bundlers))
    test(`of ${name} is judged for each addon that it loads`, async (t) => {
      const folder = project(t, files())
      await make(folder)
      // The real load ends at the first addon that throws, so one file replaces the other.
      const place = join(folder, output)
      const script = readdirSync(place).find((file) => /^(index|main)\.c?js$/.test(file))
      const addons = readdirSync(place, { recursive: true })
        .filter((file) => file.endsWith('.node'))
        .map((file) => join(place, file))
        .toSorted()
      assert.equal(addons.length, 2)
      const found = judged(folder).filter(([file]) => file.startsWith(place))
      assert.deepEqual(
        found.map(([file]) => file),
        addons,
      )
      assert.equal(found.filter(([, ok]) => !ok).length, 1)
      for (const [file, ok] of found) if (!ok) cpSync(await addonOf('fine'), file)
      const real = await loads(`require('./${script}')`, place)
      assert.deepEqual(real.error, null)
      assert.deepEqual(real.files.toSorted(), addons)
      assert.ok(judged(folder).every(([file, ok]) => ok || !file.startsWith(place)))
      // By itself, the output is judged alike.
      assert.deepEqual(
        judged(place).map(([file]) => file),
        addons,
      )
    })

  test('of esbuild and ncc without one of its addons is broken', async (t) => {
    for (const name of ['esbuild with the loader copy', 'ncc']) {
      const [output, make] = bundlers[name]
      const folder = project(t, files())
      await make(folder)
      const place = join(folder, output)
      const lost = readdirSync(place).find((file) => file.startsWith('beta'))
      rmSync(join(place, lost))
      const { ok, packages } = scanNodeModules(place)
      assert.equal(ok, false, name)
      const [problem] = packages.flatMap(({ problems }) => problems)
      assert.deepEqual([problem.code, problem.leftOut], ['no-matching-prebuild', true])
      assert.ok(problem.message.includes(lost))
      const { error } = await loads(`require('./index.js')`, place)
      assert.match(error, /Cannot find module/)
    }
  })
})

describe('a folder of several addons', () => {
  test('has a report for each', (t) => {
    const folder = project(t, { 'bin/a.node': fine, 'bin/b.node': throwing, 'bin/c.node': fine })
    assert.deepEqual(
      judged(folder).map(([file, ok]) => [basename(file), ok]),
      [
        ['a.node', true],
        ['b.node', false],
        ['c.node', true],
      ],
    )
  })

  test('for several systems has a report for each addon of the target', (t) => {
    const folder = project(t, {
      'a-linux-x64.node': fine,
      'a-win32-x64.node': throwing,
      'b-linux-x64.node': fine,
      'b-linux-arm64.node': throwing,
      'tests/c.node': throwing,
    })
    assert.deepEqual(
      judged(folder).map(([file, ok]) => [basename(file), ok]),
      [
        ['a-linux-x64.node', true],
        ['b-linux-x64.node', true],
      ],
    )
  })

  test('beside a bundle that mentions one of them has no others', (t) => {
    const folder = project(t, {
      'dist/main.js': 'require("./x-NEW12345.node")',
      'dist/x-NEW12345.node': fine,
      'dist/x-OLD12345.node': throwing,
    })
    assert.deepEqual(
      judged(folder).map(([file, ok]) => [basename(file), ok]),
      [['x-NEW12345.node', true]],
    )
  })

  test('in an installed package stays one addon', (t) => {
    const folder = project(t, {
      'node_modules/p/package.json': { name: 'p', version: '1.0.0' },
      'node_modules/p/index.js': "require('./a.node')",
      'node_modules/p/a.node': fine,
      'node_modules/p/b.node': throwing,
    })
    assert.deepEqual(
      judged(folder).map(([file]) => basename(file)),
      ['a.node'],
    )
  })

  test('of 2,000 files, and a bundle of 50 MB, are judged soon', (t) => {
    const folder = project(t, { 'many/0.node': fine })
    for (let index = 1; index < 2000; index++)
      cpSync(join(folder, 'many/0.node'), join(folder, `many/m${index}.node`))
    const line = `f("${'x'.repeat(90)}");\n`
    mkdirSync(join(folder, 'large'))
    writeFileSync(
      join(folder, 'large/main.js'),
      `${line.repeat(520_000)}require("./y-ABCDEFGH.node");`,
    )
    cpSync(join(folder, 'many/0.node'), join(folder, 'large/y-ABCDEFGH.node'))
    cpSync(join(folder, 'many/0.node'), join(folder, 'large/z-ABCDEFGH.node'))
    const started = Date.now()
    const files = judged(folder).map(([file]) => file)
    assert.equal(files.length, 2001)
    assert.ok(files.some((file) => file.endsWith('y-ABCDEFGH.node')))
    assert.ok(Date.now() - started < 10_000, `${Date.now() - started} ms`)
  })
})
