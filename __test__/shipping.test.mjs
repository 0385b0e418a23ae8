// The commands of docs/shipping.md, copied from its text, in real package managers: what they
// install is judged for the system that it ships to.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { suite, test } from 'node:test'
import { scanNodeModules } from '../index.js'
import { install as installMatrix } from '../scripts/support/matrix/install.mjs'
import { executable } from '../scripts/support/matrix/index.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { starting } from './layouts/managers.mjs'
import { NODE } from './repair/registry.mjs'

const page = readFileSync(new URL('../docs/shipping.md', import.meta.url), 'utf8')

/** The commands in the section with this title. */
const commandsOf = (title) => {
  const section = page.split('\n## ').find((one) => one.startsWith(`${title}\n`))
  return /```sh\n([\s\S]*?)```/.exec(section)[1]
}

const managers = {
  npm: ['npm10', 'npm11', 'npm12'],
  pnpm: ['pnpm10', 'pnpm11', 'pnpm12'],
  'Yarn 4': ['yarn4'],
  Bun: ['bun'],
}

const yarn4 = { '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\n', 'yarn.lock': '' }

suite('what ships, installed by', {
  skip: (!isLinuxX64 && 'the package managers are for linux-x64') || fullLane,
  concurrency: 2,
}, () => {
  for (const [title, versions] of Object.entries(managers))
    for (const manager of versions)
      test(manager, async () => {
        await installMatrix('full', { log() {} })
        const program = manager.replace(/\d+$/, '')
        const place = mkdtempSync(join(tmpdir(), 'abi-guard-ship-'))
        try {
          for (const name of ['app', 'bin']) mkdirSync(join(place, name))
          const start = await starting(manager, { node: NODE })
          symlinkSync([start.program, ...start.args].at(-1), join(place, 'bin', program))
          const path = [join(place, 'bin'), dirname(executable(NODE)), start.env.PATH]
          const type = (line) =>
            new Promise((resolve) => {
              const env = { ...start.env, PATH: path.join(delimiter) }
              execFile('sh', ['-ec', line], { cwd: join(place, 'app'), env }, (error, out, err) =>
                resolve({ code: error ? error.code : 0, output: `${out}${err}` }),
              )
            })
          const files = {
            'package.json': JSON.stringify({
              name: 'app',
              private: true,
              dependencies: { '@parcel/watcher': '2.5.1' },
              devDependencies: { '@node-rs/crc32': '1.10.6' },
            }),
            ...(manager === 'yarn4' && yarn4),
          }
          for (const [name, text] of Object.entries(files))
            writeFileSync(join(place, 'app', name), text)
          // pnpm 11 and newer fail because no install script is approved.
          const flag = manager === 'yarn4' ? '--no-immutable' : '--ignore-scripts'
          await type(`${program} install ${flag}`)
          const { code, output } = await type(commandsOf(title))
          assert.equal(code, 0, output)

          const app = scanNodeModules(join(place, 'app'), { target: 'node:22-alpine' })
          assert.equal(app.ok, false)
          const how = { target: 'node:22-alpine', production: true }
          const ship = scanNodeModules(join(place, 'app', 'ship'), how)
          assert.equal(ship.ok, true)
          const isForMusl = ({ active }) => active?.file.includes('watcher-linux-x64-musl')
          assert.ok(ship.packages.some(isForMusl))
          assert.ok(!ship.packages.some(({ name }) => name === '@node-rs/crc32'))
        } finally {
          rmSync(place, { recursive: true, force: true })
        }
      })
})
