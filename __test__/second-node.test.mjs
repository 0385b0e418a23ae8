// An addon that is linked to Node.js as a library: real loads with Debian's libnode, in runtimes
// that contain Node.js, and in Debian's node, which is linked to the same library.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkAbi } from '../index.js'
import { compiler } from './fixtures/compile.mjs'
import { load } from './matrix/load.mjs'
import { inCache, once, shortHash, temporaryFolder } from '../scripts/support/cache.mjs'
import { unpackDebian } from '../scripts/support/debian.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { listNodes } from '../scripts/support/matrix/index.mjs'
import { install } from '../scripts/support/matrix/install.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const skip = fullLane || (!(isLinuxX64 && compiler()) && 'needs linux-x64 and gcc')

const packages = [
  {
    package: 'libbrotli1=1.0.9-2+b6',
    sha256: '563b4caec1aa5e876bd3355b36e7a38e1484baf5a293b48d1e8bd22db786e4d7',
  },
  {
    package: 'libc-ares2=1.18.1-3',
    sha256: '087fd5c2ac883202e1786ab45617cdab7f77bc7f060d58cca177ddf6b6c3fa73',
  },
  {
    package: 'libicu72=72.1-3+deb12u1',
    sha256: 'f7f6f99c6d7b025914df2447fc93e11d22c44c0c8bdd8b6f36691c9e7ddcef88',
  },
  {
    package: 'libnghttp2-14=1.52.0-1+deb12u3',
    sha256: '5a5736cee57e51c1baed869979e6ecdbc6495e939e33203d6cfe3b6e5a149e3f',
  },
  {
    package: 'libnode108=18.20.4+dfsg-1~deb12u2',
    sha256: '49c281c5fa259fa453a257e9cb0fcfb4385917ee21008ef1acbb5de2a9bb88a6',
  },
  {
    package: 'libssl3=3.0.20-1~deb12u2',
    sha256: '89be24b41bff568ee6e7caf5680a3d808e80315ed92e407056ce0fa7a5bda025',
  },
  {
    package: 'libuv1=1.44.2-1+deb12u1',
    sha256: '204f0e13354b44e6d19317887a53dab6f26696e8d95838db970b81f2a393f7fd',
  },
  {
    package: 'nodejs=18.20.4+dfsg-1~deb12u2',
    sha256: 'ed733bcac17b24e6a1642f0dc2b71ae95513388197395a7736940df6c3c24cfc',
  },
]

const source = `
typedef void *value;
extern int napi_create_object(void *env, value *result);
value napi_register_module_v1(void *env, value exports) {
  value object;
  napi_create_object(env, &object);
  return exports;
}`

describe('an addon that is linked to libnode.so.108', { skip }, () => {
  let file
  let folder
  let debian
  let env

  before(async () => {
    const target = inCache('debian', `node18-${shortHash(JSON.stringify(packages))}`)
    debian = await once(target, (folder, work) => unpackDebian('bookworm', packages, work, folder))
    const libraries = join(debian, 'usr', 'lib', 'x86_64-linux-gnu')
    // An environment variable, because DT_RUNPATH doesn't apply to the libraries of a library.
    env = { LD_LIBRARY_PATH: libraries }
    folder = temporaryFolder()
    file = join(folder, 'linked.node')
    writeFileSync(join(folder, 'linked.c'), source)
    const node = join(libraries, 'libnode.so.108')
    const args = ['-shared', '-fPIC', '-Wl,--no-as-needed', '-Wl,--allow-shlib-undefined']
    execFileSync('gcc', [...args, '-o', file, join(folder, 'linked.c'), node])
    await install()
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  /** The outcome that a check in this very runtime predicts: it sees the same environment. */
  const predicted = (execPath, target) => {
    const script = `const { checkAbi } = require(${JSON.stringify(root)})
      const { outcome, problems } = checkAbi(${JSON.stringify(file)}, ${JSON.stringify({ target })})
      console.log(JSON.stringify([outcome, problems.map(({ code }) => code)]))`
    const output = execFileSync(execPath, ['-e', script], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    })
    return JSON.parse(output)
  }

  test('kills every Node.js that contains Node.js, in the load or at its end', async () => {
    const rows = []
    for (const { version, execPath } of listNodes().filter(({ version }) =>
      /^(1[6-9]|2\d)\./.test(version),
    )) {
      const real = await load(execPath, file, { env })
      rows.push([
        version,
        real.outcome === 'crashes' || real.atExit !== null,
        ...predicted(execPath),
      ])
    }
    assert.ok(rows.length > 4, 'several releases')
    for (const [version, dies, outcome, codes] of rows)
      assert.deepEqual([version, dies, outcome, codes], [version, true, 'crashes', ['second-node']])
  })

  // Debian's node can't start from a folder, because it reads modules in /usr/share/nodejs. On a
  // system with these modules it loads the addon (2026-11-29).
  test('is judged to load in the node that is linked to the same library', () => {
    const execPath = join(debian, 'usr', 'bin', 'node')
    assert.deepEqual(predicted(process.execPath, { execPath }), ['loads', []])
  })

  test('lacks a library where libnode is not installed', () => {
    const { outcome, problems } = checkAbi(file)
    assert.deepEqual([outcome, problems[0].code], ['throws', 'missing-library'])
  })
})
