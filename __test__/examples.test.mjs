// The apps of examples/, run as in the documentation, with abi-guard installed from its tarballs.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, truncateSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fullLane } from '../scripts/support/lane.mjs'
import { installedProject } from './support/packed.mjs'

const root = fileURLToPath(new URL('../examples', import.meta.url))
const require = createRequire(import.meta.url)
const { platformName } = require('../lib/platform.js')
const skip =
  (platformName() !== 'linux-x64-gnu' && 'the addon that is broken is that for linux-x64') ||
  fullLane

const work = []
after(() => {
  for (const remove of work) remove()
})

/** Installs a copy of an example. */
async function example(name) {
  const folder = join(root, name)
  const files = Object.fromEntries(
    readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  )
  const { 'package.json': manifest, ...rest } = files
  const made = await installedProject({ manifest: JSON.parse(manifest), files: rest })
  work.push(made.remove)
  return made
}

const bcrypt = 'node_modules/bcrypt/prebuilds/linux-x64/bcrypt.glibc.node'
const npm = (folder, args, env) =>
  spawnSync('npm', args, { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' })

describe('the example', { skip }, () => {
  test('startup listens, and ends before that if an addon is broken', async () => {
    const { folder } = await example('startup')
    const server = spawn('npm', ['start', '--silent'], {
      cwd: folder,
      env: { ...process.env, PORT: '0' },
      detached: true,
    })
    try {
      const port = await new Promise((settle, reject) => {
        server.stdout.on('data', (text) => {
          const found = /listening on port (\d+)/.exec(text)
          if (found) settle(found[1])
        })
        server.stderr.on('data', (text) => reject(new Error(String(text))))
        server.on('exit', (code) => reject(new Error(`ended with ${code}`)))
      })
      const response = await fetch(`http://localhost:${port}/hash`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ password: 'secret' }),
      })
      assert.match((await response.json()).hash, /^\$2b\$04\$/)
    } finally {
      process.kill(-server.pid)
    }
    truncateSync(join(folder, bcrypt), 9000)
    const { status, stdout, stderr } = npm(folder, ['start'], { PORT: '0' })
    assert.equal(status, 1)
    assert.doesNotMatch(stdout, /listening/)
    assert.match(stderr, /1 of 1 native package can't be loaded by Node\.js .*bcrypt 6\.0\.0/s)
  })

  test('postinstall installs without output and works, and fails the installation if an addon is broken', async () => {
    const { folder, stdout, stderr } = await example('postinstall')
    assert.doesNotMatch(stdout + stderr, /native package/)
    assert.match(npm(folder, ['start']).stdout, /^it works$/m)
    truncateSync(join(folder, bcrypt), 9000)
    const { status, stderr: report } = npm(folder, ['install', '--offline'])
    assert.equal(status, 1)
    assert.match(report, /bcrypt 6\.0\.0\n {2}the file ends too early/)
  })
})
