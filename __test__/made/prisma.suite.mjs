// Clients that `prisma generate` creates. The engines come from a local server, which gives a small
// addon to everyone who asks for an engine: Prisma's own server is not needed, and the engines are
// judged by their names and headers only.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { checkPackage, scanNodeModules } from '../../index.js'
import { addonOf } from '../support/addons.mjs'
import { project } from '../support/project.mjs'
import { loads, node, tools } from './tools.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const versions = ['4.16.2', '5.22.0', '6.19.0', '7.0.0']
const targets = '["native", "linux-musl-openssl-3.0.x", "windows", "darwin-arm64"]'

describe('a generated Prisma Client', () => {
  let server
  before(async () => {
    const engine = gzipSync(readFileSync(await addonOf('fine')))
    server = createServer((request, answer) => {
      answer.statusCode = request.url.endsWith('sha256') ? 404 : 200
      answer.end(answer.statusCode === 200 ? engine : '')
    })
    await new Promise((done) => server.listen(0, '127.0.0.1', done))
  })
  after(() => server.close())

  /** A project with a client that is generated with these lines of the generator. */
  async function generated(t, version, lines, provider = 'prisma-client-js') {
    const from = await tools({ prisma: version, '@prisma/client': version })
    const folder = project(t, {
      'package.json': {
        name: 'app',
        dependencies: { '@prisma/client': version },
        devDependencies: { prisma: version },
      },
      'prisma/schema.prisma': `generator client {
  provider = "${provider}"
  ${lines}
}
datasource db {
  provider = "sqlite"
  ${version.startsWith('7') ? '' : 'url = "file:./x.db"'}
}
model A {
  id Int @id
}
`,
    })
    execFileSync('cp', ['-a', join(from, 'node_modules'), folder])
    const env = {
      ...process.env,
      PRISMA_ENGINES_MIRROR: `http://127.0.0.1:${server.address().port}`,
      PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING: '1',
      CHECKPOINT_DISABLE: '1',
      HOME: join(folder, 'home'),
    }
    const modules = join(folder, 'node_modules')
    if (!version.startsWith('7')) {
      // The install script of prisma.
      await node([join(modules, '@prisma/engines/dist/scripts/postinstall.js')], {
        cwd: join(modules, '@prisma/engines'),
        env,
      })
      for (const name of readdirSync(join(modules, '@prisma/engines')))
        if (name.endsWith('.node'))
          cpSync(join(modules, '@prisma/engines', name), join(modules, 'prisma', name))
    }
    await node([join(modules, 'prisma/build/index.js'), 'generate'], { cwd: folder, env })
    return folder
  }

  const clients = (folder, target) =>
    scanNodeModules(folder, target ? { target } : {}).packages.filter(
      ({ name }) => name === '@prisma/client',
    )
  const connect = (path) =>
    `const { PrismaClient } = require(${JSON.stringify(path)}); await new PrismaClient().$connect()`

  for (const version of versions.slice(0, 3)) {
    test(`of Prisma ${version} loads the engine of its binary target`, async (t) => {
      const folder = await generated(t, version, `binaryTargets = ${targets}`)
      const [client, ...rest] = clients(folder)
      assert.deepEqual(rest, [])
      assert.equal(client.loader, 'prisma')
      assert.equal(client.ok, true)
      const real = await loads(connect('@prisma/client'), folder)
      assert.deepEqual(real.files, [client.active.file])
      assert.equal(checkPackage('@prisma/client', { from: folder }).active.file, real.files[0])
      assert.deepEqual(client.requiredBy, [['app', '@prisma/client']])

      // Named systems have engines of their own.
      for (const [target, engine] of [
        ['node@22/alpine3.20', 'linux-musl-openssl-3.0.x.so'],
        ['node@22/darwin-arm64', 'darwin-arm64.dylib'],
        ['node@22/win32-x64', 'windows.dll'],
      ]) {
        const [{ active }] = clients(folder, target)
        assert.ok(active.file.endsWith(`query_engine-${engine}.node`), `${target}: ${active.file}`)
      }
      const [arm] = clients(folder, 'node@22/linux-arm64')
      assert.deepEqual(
        arm.problems.map(({ code, wanted }) => [code, wanted]),
        [['no-matching-prebuild', 'linux-arm64-openssl-3.0.x']],
      )
      assert.deepEqual(arm.fix.commands, [['npx', 'prisma', 'generate']])
      assert.match(arm.fix.summary, /"linux-arm64-openssl-3\.0\.x" to binaryTargets/)

      // Without its engine the client names the target that the report names.
      const away = join(folder, 'engine.node')
      renameSync(client.active.file, away)
      const [broken] = clients(folder)
      assert.equal(broken.ok, false)
      const [problem] = broken.problems
      assert.equal(problem.code, 'no-matching-prebuild')
      const failed = await loads(connect('@prisma/client'), folder)
      assert.deepEqual(failed.files, [])
      assert.ok(failed.error.includes(`"${problem.wanted}"`), failed.error)

      // The engine of another system under the right name.
      mkdirSync(dirname(client.active.file), { recursive: true })
      writeFileSync(client.active.file, 'no engine')
      const [wrong] = clients(folder)
      assert.equal(wrong.active.problems[0].code, 'not-a-binary')
      assert.deepEqual(wrong.fix.commands, [['npx', 'prisma', 'generate']])
    })

    test(`of Prisma ${version} may be in a folder of the project`, async (t) => {
      const folder = await generated(
        t,
        version,
        `output = "../src/generated/client"\n  binaryTargets = ${targets}`,
      )
      const path = './src/generated/client'
      const [client, ...rest] = clients(folder)
      assert.deepEqual(rest, [])
      assert.equal(client.path, join(folder, path))
      const real = await loads(connect(path), folder)
      assert.deepEqual(real.files, [client.active.file])
      for (const name of readdirSync(client.path))
        if (name.endsWith('.node')) rmSync(join(client.path, name))
      const [broken] = clients(folder)
      const failed = await loads(connect(path), folder)
      assert.equal(broken.problems[0].code, 'no-matching-prebuild')
      assert.ok(failed.error.includes(`"${broken.problems[0].wanted}"`), failed.error)
    })
  }

  for (const version of versions.slice(0, 3))
    test(`of Prisma ${version} finds an engine outside of its folder`, async (t) => {
      const folder = await generated(t, version, 'output = "../src/client"')
      // As a compiler copies it: the scripts alone.
      const client = join(folder, 'dist/client')
      cpSync(join(folder, 'src/client'), client, {
        recursive: true,
        filter: (file) => !file.endsWith('.node'),
      })
      const places = {
        'the folder into which it was generated': join(folder, 'src/client'),
        'the folder of the system': '/tmp/prisma-engines',
        'the folder of the schema': join(folder, 'prisma'),
      }
      const name = readdirSync(places['the folder into which it was generated']).find((file) =>
        file.endsWith('.node'),
      )
      const copy = () => clients(folder).find(({ path }) => path === client)
      const load = (env) => loads(connect(client), folder, env)
      const agree = async (place, env) => {
        const { active, problems } = copy()
        const real = await load(env)
        assert.deepEqual(real.files, active ? [active.file] : [], place)
        assert.deepEqual(
          problems.map(({ code }) => code),
          active ? [] : ['no-matching-prebuild'],
          place,
        )
        return active?.file
      }
      const engine = join(folder, name)
      cpSync(join(folder, 'src/client', name), engine)
      t.after(() => rmSync(places['the folder of the system'], { recursive: true, force: true }))
      for (const [place, path] of Object.entries(places)) {
        mkdirSync(path, { recursive: true })
        cpSync(engine, join(path, name))
        assert.equal(await agree(place), join(path, name))
        rmSync(join(path, name))
        assert.equal(await agree(`not in ${place}`), undefined)
      }

      // The variable of a child: this process keeps its environment.
      const seen = (env) => {
        const script = `const { scanNodeModules } = require(process.argv[1])
          const { packages } = scanNodeModules(process.argv[2])
          const { active, problems } = packages.find(({ path }) => path === process.argv[3])
          console.log(JSON.stringify([active?.file, problems.map(({ code }) => code)]))`
        const args = ['-e', script, root, folder, client]
        return JSON.parse(execFileSync(process.execPath, args, { env: { ...process.env, ...env } }))
      }
      const named = { PRISMA_QUERY_ENGINE_LIBRARY: engine }
      assert.deepEqual(seen(named), [engine, []])
      assert.deepEqual((await load(named)).files, [engine])
      const lost = seen({ PRISMA_QUERY_ENGINE_LIBRARY: join(folder, 'lost.node') })
      assert.deepEqual(lost, [null, ['undetermined']])
    })

  test('a client does not lead out of its project', async (t) => {
    const folder = await generated(t, '6.19.0', 'output = "../src/client"')
    const elsewhere = project(t, { 'package.json': { name: 'elsewhere' } })
    const client = join(folder, 'src/client')
    const name = readdirSync(client).find((file) => file.endsWith('.node'))
    renameSync(join(client, name), join(elsewhere, name))
    const script = readFileSync(join(client, 'index.js'), 'utf8')
    writeFileSync(join(client, 'index.js'), script.replaceAll(client, elsewhere))
    assert.deepEqual((await loads(connect(client), folder)).files, [join(elsewhere, name)])
    const [report] = clients(folder)
    assert.deepEqual([report.active, JSON.stringify(report).includes(elsewhere)], [null, false])
  })

  test('in TypeScript is found by its engines', async (t) => {
    const lines = `output = "../src/generated"\n  binaryTargets = ${targets}`
    const folder = await generated(t, '6.19.0', lines, 'prisma-client')
    const [client, ...rest] = clients(folder)
    assert.deepEqual([rest, client.path, client.ok], [[], join(folder, 'src/generated'), true])
    assert.match(client.active.file, /libquery_engine-.*\.so\.node$/)
  })

  for (const [version, lines] of [
    ['6.19.0', 'engineType = "client"'],
    ['6.19.0', 'engineType = "binary"'],
    ['7.0.0', ''],
  ])
    test(`of Prisma ${version} without an addon lacks nothing (${lines})`, async (t) => {
      const folder = await generated(t, version, lines)
      assert.deepEqual(clients(folder), [])
      assert.equal(checkPackage('@prisma/client', { from: folder }).ok, true)
    })
})
