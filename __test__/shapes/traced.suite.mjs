// Real Next.js, Nitro and @vercel/nft, which leave out parts of sharp: the verdict on each output is
// what happens when it is started, where no project is around it. The lines of the report, pasted
// literally, repair it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { checkArtifact } from '../../index.js'
import { write } from '../layouts/installed.mjs'
import { installedIn } from '../runners/install.mjs'
import { node } from '../support/apps.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Packages, and an expression that uses their addon. `$` is the module. */
const USES = {
  sharp:
    "(await $({ create: { width: 4, height: 4, channels: 3, background: 'red' } }).png().toBuffer()).length",
  bcrypt: "$.hashSync('x', 4)",
  '@napi-rs/canvas': '$.createCanvas(3, 3).width',
}
const routes = Object.keys(USES).map((name) => [name, basename(name)])

function folderFor() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-traced-')))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A copy of an installation with an app. */
function appFrom(installed, files) {
  const folder = folderFor()
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  cpSync(join(installed, 'node_modules'), join(folder, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  write(folder, {
    'package.json': { name: 'app', version: '1.0.0', ...manifest },
    ...files,
  })
  return folder
}

/** Starts the server of a copy of an output. Returns the packages whose route fails. */
async function failing(output, server) {
  const folder = folderFor()
  cpSync(output, folder, { recursive: true, verbatimSymlinks: true })
  const port = 20_000 + Math.floor(Math.random() * 10_000)
  const env = { ...process.env, PORT: String(port), HOSTNAME: '127.0.0.1', HOST: '127.0.0.1' }
  const child = spawn(process.execPath, [join(folder, server)], {
    cwd: folder,
    env,
    stdio: 'ignore',
  })
  const ask = async (route) => {
    for (let tries = 0; tries < 60; tries++) {
      const response = await fetch(`http://127.0.0.1:${port}/${route}`).catch(() => undefined)
      if (response) return response.status
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  try {
    const failed = []
    for (const [name, route] of routes) if ((await ask(route)) !== 200) failed.push(name)
    return failed
  } finally {
    child.kill()
  }
}

/** The packages of the app that a report says can't be loaded. */
function broken(reports) {
  const found = reports.flatMap(({ packages }) => packages).filter(({ ok }) => !ok)
  const known = ({ name, requiredBy }) => [name, ...requiredBy.map((chain) => chain.at(-1))]
  const names = found.flatMap(known)
  return Object.keys(USES).filter((name) => names.includes(name))
}

const snippets = (reports) =>
  reports.flatMap(({ fixes }) => fixes.map(({ snippet }) => snippet)).filter(Boolean)

/** Builds an app, checks and starts its output, and does the same with the lines of the report. */
async function trial({ folder, build, output, server, config, text, expected }) {
  const built = async (more) => {
    write(folder, { [config]: text(more) })
    const { code, stdout, stderr } = await node(build, { cwd: folder, timeout: 300_000 })
    assert.equal(code, 0, stdout + stderr)
    return checkArtifact(join(folder, output))
  }
  const reports = await built('')
  assert.deepEqual(broken(reports), expected)
  assert.deepEqual(await failing(join(folder, output), server), expected)
  if (expected.length === 0) return
  const [lines, ...rest] = snippets(reports)
  assert.deepEqual(rest, [])
  const repaired = await built(`${lines}\n`)
  assert.deepEqual([broken(repaired), repaired.every(({ ok }) => ok)], [[], true], lines)
  assert.deepEqual(await failing(join(folder, output), server), [])
}

export function traced() {
  let nextTools
  let nitroTools
  before(async () => {
    nitroTools = await installedIn(here, 'nitro-traced')
    nextTools = await installedIn(here, 'next-traced')
  })

  for (const [bundler, expected] of [
    ['turbopack', ['sharp']],
    ['webpack', []],
  ])
    test(`Next.js 16.2 with ${bundler}`, async () => {
      const files = {
        'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>',
        'app/page.js': "export default () => 'ran'",
      }
      for (const [name, route] of routes)
        files[`app/${route}/route.js`] = `import * as found from '${name}'
const used = found.default ?? found
export const dynamic = 'force-dynamic'
export const GET = async () => new Response(String(${USES[name].replace('$', 'used')}))\n`
      const folder = appFrom(nextTools, files)
      await trial({
        folder,
        build: ['node_modules/next/dist/bin/next', 'build', `--${bundler}`],
        output: '.next/standalone',
        server: 'server.js',
        config: 'next.config.mjs',
        text: (more) => `export default { output: 'standalone',
          outputFileTracingRoot: import.meta.dirname, turbopack: { root: import.meta.dirname },
          serverExternalPackages: ${JSON.stringify(Object.keys(USES))},
          ${more} }`,
        expected,
      })
      // The list of each route says the same as the folder.
      const lists = checkArtifact(join(folder, '.next/server/app/sharp/route.js.nft.json'))
      assert.deepEqual(broken(lists), [])
    })

  test('Nitro 2.12', async () => {
    const files = {}
    for (const [name, route] of routes)
      files[`routes/${route}.js`] = `import * as found from '${name}'
const used = found.default ?? found
export default defineEventHandler(async () => String(${USES[name].replace('$', 'used')}))\n`
    await trial({
      folder: appFrom(nitroTools, files),
      build: ['node_modules/nitropack/dist/cli/index.mjs', 'build'],
      output: '.output/server',
      server: 'index.mjs',
      config: 'nitro.config.mjs',
      text: (more) => `export default { preset: 'node-server', ${more} }`,
      expected: ['sharp'],
    })
  })

  test('a list of @vercel/nft 0.30', async () => {
    const folder = appFrom(nitroTools, {
      'main.js': `const used = require('sharp')
module.exports = async () => ${USES.sharp.replace('$', 'used')}
if (require.main === module) module.exports()\n`,
    })
    const nft = join(folder, 'node_modules/@vercel/nft/out/index.js')
    const { default: tracer } = await import(pathToFileURL(nft))
    const trace = async (options) => {
      const how = { base: folder, ...options }
      const { fileList } = await tracer.nodeFileTrace([join(folder, 'main.js')], how)
      const names = [...fileList]
      write(folder, { 'main.js.nft.json': { version: 1, files: names } })
      const copy = folderFor()
      for (const name of names)
        cpSync(join(folder, name), join(copy, name), { recursive: true, verbatimSymlinks: true })
      const { code } = await node([join(copy, 'main.js')], { cwd: '/' })
      const reports = checkArtifact(join(folder, 'main.js.nft.json'))
      assert.deepEqual(broken(reports), code === 0 ? [] : ['sharp'])
      return reports
    }
    // This tracer has a rule for sharp.
    assert.deepEqual(broken(await trace({})), [])
    const [lines] = snippets(await trace({ ignore: '**/libvips-cpp*' }))
    assert.match(
      lines,
      /^'\.\/node_modules\/@img\/sharp-libvips-linux-x64\/lib\/libvips-cpp[^/]+',\n$/,
    )
  })
}
