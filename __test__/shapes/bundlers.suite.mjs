// Apps that a bundler has put into one file, together with abi-guard.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { write } from '../layouts/installed.mjs'
import { installedIn } from '../runners/install.mjs'
import { node, run, supportedNodes } from '../support/apps.mjs'
import { both, guarded } from './roots.suite.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))

const ASSERT = `
  import { assertNodeModules, checkAbi } from 'abi-guard'
  assertNodeModules()
  try { checkAbi(process.execPath) } catch ({ code }) { console.error(code) }
  console.log('ran')`

/** The configurations. `$` is the address of an installed plugin. */
const configurations = {
  // The command of webpack is a package of its own.
  'webpack.mjs': `import webpack from '$webpack/lib/index.js'
    webpack({ mode: 'production', target: 'node', entry: process.env.ENTRY,
      output: { path: process.cwd(), filename: process.env.OUT },
      externals: process.env.EXTERNAL && { 'abi-guard/register': 'commonjs abi-guard/register' },
    }, (_, stats) => {
      console.log(stats.toString())
      process.exitCode = stats.hasErrors() ? 1 : 0
    })`,
  'rollup.mjs': `import commonjs from '$@rollup/plugin-commonjs/dist/es/index.js'
    import resolve from '$@rollup/plugin-node-resolve/dist/es/index.js'
    export default { input: process.env.ENTRY, external: process.env.EXTERNAL && [/^abi-guard/],
      output: { file: process.env.OUT, format: process.env.OUT.endsWith('cjs') ? 'cjs' : 'es' },
      plugins: [resolve(), commonjs()] }`,
  'vite.mjs': `export default { build: { ssr: process.env.ENTRY, outDir: 'dist' },
    ssr: process.env.EXTERNAL ? { external: ['abi-guard'] } : { noExternal: true } }`,
}

const esbuild = (...flags) => ['esbuild/bin/esbuild', '--bundle', '--platform=node', ...flags]

/** Programs with their arguments: `in` and `out` are files, `words` is a part of the message. */
const shapes = {
  webpack: {
    args: () => ['webpack.mjs'],
    words: /webpack: externals/,
  },
  esbuild: {
    args: ({ entry, out }) => esbuild(entry, `--outfile=${out}`),
    external: ({ entry, out }) => esbuild(entry, `--outfile=${out}`, '--external:abi-guard'),
    words: /esbuild: --external:abi-guard/,
  },
  'esbuild, minified': {
    args: ({ entry, out }) => esbuild(entry, `--outfile=${out}`, '--minify'),
    words: /esbuild: --external:abi-guard/,
  },
  'esbuild, ESM': {
    entry: 'first.mjs',
    out: 'dist/out.mjs',
    args: ({ entry, out }) => esbuild(entry, `--outfile=${out}`, '--format=esm'),
    words: /esbuild: --external:abi-guard/,
  },
  Rollup: {
    entry: 'first.mjs',
    out: 'dist/out.mjs',
    args: () => ['rollup/dist/bin/rollup', '-c', 'rollup.mjs'],
    words: /Rollup: external: \[/,
  },
  'Rollup, CommonJS': {
    entry: 'first.mjs',
    out: 'dist/out.cjs',
    args: () => ['rollup/dist/bin/rollup', '-c', 'rollup.mjs'],
    words: /Rollup: external: \[/,
  },
  'Vite, SSR': {
    entry: 'first.mjs',
    out: 'dist/first.mjs',
    args: () => ['vite/bin/vite.js', 'build', '--config', 'vite.mjs'],
    words: /Vite: ssr\.external/,
  },
  ncc: {
    out: 'dist/index.js',
    args: ({ entry }) => ['@vercel/ncc/dist/ncc/cli.js', 'build', entry, '-o', 'dist'],
    external: ({ entry }) => [...shapes.ncc.args({ entry }), '--external', 'abi-guard/register'],
    words: /ncc: --external abi-guard\/register/,
  },
}

export function bundlers() {
  let tools
  let nodes
  before(async () => {
    tools = join(await installedIn(here, 'bundlers'), 'node_modules')
    nodes = await supportedNodes()
  })
  const addressOf = () => `${pathToFileURL(tools).href}/`

  /** Builds an app and expects no warning of abi-guard. */
  async function build(folder, shape, external = '') {
    const { entry = 'first.js', out = 'dist/out.js', args } = shape
    for (const [name, text] of Object.entries(configurations))
      write(folder, { [name]: text.replaceAll('$', addressOf()) })
    const [program, ...rest] = args({ entry, out })
    const env = { ENTRY: join(folder, entry), OUT: out, EXTERNAL: external }
    const file = resolve(existsSync(join(folder, program)) ? folder : tools, program)
    const { code, stdout, stderr } = await node([file, ...rest], { cwd: folder, env })
    assert.equal(code, 0, stdout + stderr)
    assert.doesNotMatch(stdout + stderr, /\bwarning|circular|can't resolve|unresolved/i)
    return join(folder, out)
  }

  /** A copy of the folder of a bundle, where no installed abi-guard is found. */
  function moved(file) {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-moved-')))
    after(() => rmSync(folder, { recursive: true, force: true }))
    cpSync(dirname(file), folder, { recursive: true })
    return join(folder, basename(file))
  }

  for (const [name, shape] of Object.entries(shapes)) {
    test(`${name}: the bundle is guarded in its project, and says so elsewhere`, async () => {
      const apps = await both()
      const files = {}
      for (const [kind, folder] of Object.entries(apps)) files[kind] = await build(folder, shape)
      await guarded(files, (file) => node([file], { cwd: '/' }))
      for (const file of Object.values(files).map(moved))
        for (const { execPath, version } of nodes) {
          const { code, stdout, stderr } = await run(execPath, [file], { cwd: '/' })
          assert.deepEqual({ code, stdout }, { code: 0, stdout: 'ran\n' }, version + stderr)
          assert.match(stderr, /^abi-guard was bundled: mark it external [^\n]*guarded now\n$/)
          assert.match(stderr, shape.words)
        }
    })

    test(`${name}: the words of the message make it external`, {
      skip: /minified|ESM|CommonJS/.test(name) && 'as the shape before',
    }, async () => {
      const apps = await both()
      const files = {}
      const args = shape.external ?? shape.args
      for (const [kind, folder] of Object.entries(apps))
        files[kind] = await build(folder, { ...shape, args }, 'true')
      await guarded(files, (file) => node([file], { cwd: '/' }))
      const { stderr } = await node([moved(files.healthy)], { cwd: '/' })
      assert.match(stderr, /ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND/, 'it isn’t in the bundle')
    })
  }

  test('the functions say it too, and assertNodeModules lets the app start', async () => {
    const apps = await both()
    for (const [name, shape] of Object.entries({
      webpack: shapes.webpack,
      esbuild: shapes.esbuild,
      Rollup: shapes.Rollup,
      Vite: { ...shapes['Vite, SSR'], out: 'dist/functions.mjs' },
    })) {
      const files = {}
      for (const [kind, folder] of Object.entries(apps)) {
        write(folder, { 'functions.mjs': ASSERT })
        files[kind] = await build(folder, { ...shape, entry: 'functions.mjs' })
      }
      await guarded(files, (file) => node([file], { cwd: '/' }))
      const { code, stdout, stderr } = await node([moved(files.broken)], { cwd: '/' })
      assert.deepEqual({ name, code, stdout }, { name, code: 0, stdout: 'ran\n' }, stderr)
      assert.match(stderr, /^abi-guard was bundled: [^\n]*\nERR_ABI_GUARD_BUNDLED\n$/)
      const strict = { cwd: '/', env: { ABI_GUARD: 'strict' } }
      assert.match((await node([moved(files.broken)], strict)).stderr, /ERR_ABI_GUARD_BUNDLED/)
    }
  })
}
