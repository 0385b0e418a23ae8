// What the commands of a page do with real launchers and builds of servers.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { write } from '../layouts/installed.mjs'
import { installedIn } from '../runners/install.mjs'
import { both, install } from '../shapes/roots.suite.mjs'
import { blocksOf } from './blocks.mjs'
import { linkCommand } from './type.mjs'

const shapes = fileURLToPath(new URL('../shapes/', import.meta.url))
const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const read = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const launchers = {
  'docs/shapes.md#pm2': async ({ type }) => {
    const bin = join(await installedIn(shapes, 'launchers'), 'node_modules/.bin')
    const STAYS = "console.log('ran'); setInterval(() => {}, 1000)"
    for (const [kind, folder] of Object.entries(await both()))
      for (const index of [0, 1]) {
        write(folder, { 'server.js': STAYS })
        const home = join(folder, `.pm2-${index}`)
        const env = { PM2_HOME: home }
        const how = { cwd: '/', env, path: [bin], replace: { '/srv/app': folder } }
        const log = (name) => {
          const files = readdirSync(join(home, 'logs')).filter((file) => file.includes(name))
          return files.map((file) => read(join(home, 'logs', file))).join('')
        }
        try {
          const { code, err } = await type(index, how)
          assert.equal(code, 0, err)
          for (let tries = 0; tries < 20 && !log('-out') && !log('-error'); tries++)
            await delay(250)
          if (kind === 'healthy') assert.match(log('-out'), /^(ran\n)+$/)
          else assert.equal(log('-out'), '', 'the app never runs')
          // In a cluster, pm2 loses every error of the start.
          if (kind === 'broken' && index === 0)
            assert.match(log('-error'), /AbiError: .*1 of 1 native package can't be loaded/)
        } finally {
          await new Promise((resolve) =>
            spawn(process.execPath, [join(bin, 'pm2'), 'kill'], {
              env: { ...process.env, ...env },
              stdio: 'ignore',
            }).on('close', resolve),
          )
        }
      }
  },
}

/** The JavaScript of a page whose first line names the file. */
const fileOf = (page, name) =>
  blocksOf(page).find(({ text }) => text.startsWith(`// ${name}\n`)).text

const builds = {
  'docs/vercel.md#what-tracing-leaves-out': async ({ type }) => {
    const tools = join(await installedIn(shapes, 'next'), 'node_modules')
    for (const [kind, folder] of Object.entries(await both())) {
      for (const name of readdirSync(tools))
        cpSync(join(tools, name), join(folder, 'node_modules', name), {
          recursive: true,
          verbatimSymlinks: true,
        })
      install(folder)
      const page = 'docs/vercel.md'
      const addon = `native-${kind === 'healthy' ? 'fine' : 'throws'}`
      const config = fileOf(page, 'next.config.mjs')
        .replace("['abi-guard']", `['abi-guard', '${addon}']`)
        .replace("'./node_modules/@img/**'", `'./node_modules/${addon}/**'`)
        // The folder of the test lies in one with other projects.
        .replace("'standalone',", "'standalone', turbopack: { root: import.meta.dirname },")
      write(folder, {
        'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>',
        'app/page.js': "export default () => 'ran'",
        'instrumentation.js': fileOf(page, 'instrumentation.js'),
        'next.config.mjs': config,
      })
      const built = await type(0, { cwd: folder })
      assert.equal(built.code, 0, built.out + built.err)
      const modules = join(folder, '.next/standalone/node_modules')
      assert.ok(readdirSync(modules).includes(addon), 'the addon is in the build')
      rmSync(join(folder, 'node_modules/abi-guard'), { recursive: true })
      linkCommand(folder)
      const { code, out } = await type(1, { cwd: folder })
      assert.equal(code, kind === 'healthy' ? 0 : 1, out)
      assert.match(out, /Node\.js 22\./)
    }
  },
}

export { builds, launchers }
