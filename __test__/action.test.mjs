// The GitHub Action of action.yml: its step is run in bash, with the environment that GitHub sets.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { fullLane } from '../scripts/support/lane.mjs'
import { compiler } from './fixtures/compile.mjs'
import { writePackage } from './support/addons.mjs'
import { isServed, ownRegistry } from './support/packed.mjs'
import { project } from './support/project.mjs'

const checkout = fileURLToPath(new URL('..', import.meta.url))
const action = load(readFileSync(join(checkout, 'action.yml'), 'utf8'))
const [step, ...more] = action.runs.steps

const canRun = process.platform !== 'win32' && compiler()
const skip = !canRun && 'needs gcc and bash'

/** A project with a native package of this kind, in a folder of a repository. */
async function repository(t, kind, { folder = '.', isInstalled = true } = {}) {
  const root = project(t, { '.git/HEAD': 'ref: refs/heads/main\n' })
  const home = join(root, folder)
  mkdirSync(join(home, 'node_modules'), { recursive: true })
  const dependencies = { [`native-${kind}`]: '1.0.0' }
  const manifest = { name: 'app', version: '1.0.0', dependencies }
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest, null, 2))
  await writePackage(join(home, 'node_modules', `native-${kind}`), kind)
  if (isInstalled) symlinkSync(checkout, join(home, 'node_modules', 'abi-guard'))
  return root
}

/**
 * Runs the step as GitHub's runner does: the script in a file, the inputs in the environment.
 * @returns {Promise<{ code: number, out: string, err: string, summary: string, outputs: string }>}
 */
async function perform(t, root, inputs = {}, { env = {} } = {}) {
  const given = Object.entries(action.inputs).map(([name, { default: value }]) => [name, value])
  const values = { ...Object.fromEntries(given), ...inputs }
  const expand = (text) =>
    text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name) => {
      assert.ok(name in action.inputs, name)
      return values[name]
    })
  const runner = project(t, { 'script.sh': step.run, output: '', summary: '' })
  const set = Object.entries(step.env).map(([name, text]) => [name, expand(text)])
  const args = ['--noprofile', '--norc', '-e', '-o', 'pipefail', join(runner, 'script.sh')]
  const child = spawn('bash', args, {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: root,
      GITHUB_OUTPUT: join(runner, 'output'),
      GITHUB_STEP_SUMMARY: join(runner, 'summary'),
      ...Object.fromEntries(set),
      ...env,
    },
  })
  const text = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (part) => (text.out += part))
  child.stderr.setEncoding('utf8').on('data', (part) => (text.err += part))
  const code = await new Promise((resolve) => child.on('close', resolve))
  const read = (name) => readFileSync(join(runner, name), 'utf8')
  return { code, ...text, summary: read('summary'), outputs: read('output') }
}

const ANNOTATION =
  /^::error file=package\.json,line=5,title=native-throws 1\.0\.0%3A abi-mismatch::.*ABI 72/m

describe('the action', () => {
  test('is a composite action of one step in bash, and no expression is in its script', () => {
    assert.equal(action.runs.using, 'composite')
    assert.deepEqual(more, [])
    assert.equal(step.shell, 'bash')
    assert.doesNotMatch(step.run, /\$\{\{/)
    for (const [name, { description, default: value }] of Object.entries(action.inputs)) {
      assert.ok(description && typeof value === 'string', name)
      assert.match(JSON.stringify(step.env), new RegExp(`inputs\\.${name} `), 'it is used')
    }
    assert.match(action.outputs['exit-code'].value, /steps\.check\.outputs\.exit-code/)
    assert.equal(step.id, 'check')
  })

  test('every input is documented in docs/ci.md', () => {
    const page = readFileSync(join(checkout, 'docs/ci.md'), 'utf8')
    for (const name of Object.keys(action.inputs)) assert.ok(page.includes(`\`${name}\``), name)
  })
})

describe('the step', { skip, concurrency: 2 }, () => {
  test('passes for a healthy project and writes the summary', async (t) => {
    const root = await repository(t, 'fine')
    const { code, out, err, summary, outputs } = await perform(t, root)
    assert.deepEqual(
      { code, out, err, outputs },
      { code: 0, out: '', err: '', outputs: 'exit-code=0\n' },
    )
    assert.match(summary, /1 native package checked/)
  })

  test('annotates a broken project, writes the summary, and fails with the exit code', async (t) => {
    const root = await repository(t, 'throws')
    const { code, out, summary, outputs } = await perform(t, root)
    assert.equal(code, 1)
    assert.match(out, ANNOTATION)
    assert.match(summary, /native-throws/)
    assert.equal(outputs, 'exit-code=1\n')
    const never = await perform(t, root, { 'fail-on': 'never' })
    assert.equal(never.code, 0)
    assert.match(never.out, ANNOTATION)
    assert.equal(never.outputs, 'exit-code=1\n')
  })

  test('judges for each target; one failure is enough', async (t) => {
    const root = await repository(t, 'fine')
    const target = 'node@22/linux-x64-glibc2.36\r\n\nnode@22/darwin-arm64\n'
    const { code, out, summary } = await perform(t, root, { target })
    assert.equal(code, 1)
    assert.match(out, /^::error .*darwin/m)
    assert.match(summary, /Node\.js 22\.\S+ \(linux-x64.*Node\.js 22\.\S+ \(darwin-arm64/s)
  })

  for (const folder of ['with spaces/and more', '$(touch x)', '`touch x`', '"; touch x; "', '-x'])
    test(`checks a folder that is called ${folder}, and runs nothing of its name`, async (t) => {
      const root = await repository(t, 'throws', { folder })
      const { code, out } = await perform(t, root, { directory: folder })
      assert.equal(code, 1)
      assert.match(out, /^::error file=.*package\.json,line=5,title=native-throws/m)
      assert.ok(!existsSync(join(root, 'x')))
    })

  test('runs nothing of its other inputs, and reports them', async (t) => {
    const root = await repository(t, 'fine')
    for (const [inputs, words] of [
      [{ command: 'fix' }, /^::error title=abi-guard::The input "command" must/],
      [{ command: '$(touch x)' }, /^::error .*"command"/],
      [{ 'fail-on': 'warning' }, /^::error .*"fail-on" of scan/],
      [{ 'fail-on': 'a\n::set-env::' }, /^::error [^\n]*"fail-on" of scan[^\n]*\n$/],
      [{ command: 'audit', 'fail-on': 'unknown' }, /^::error .*"fail-on" of audit/],
      [{ version: '$(touch x)' }, /^::error .*"version"/],
      [{ version: '../../x' }, /^::error .*"version"/],
    ]) {
      const { code, out, outputs } = await perform(t, root, inputs)
      assert.deepEqual({ code, outputs }, { code: 2, outputs: 'exit-code=2\n' })
      assert.match(out, words)
    }
    for (const [inputs, words] of [
      [{ target: '$(touch x)' }, /^abi-guard: unknown runtime/],
      [{ target: '--fix' }, /^abi-guard: /],
      [{ directory: '' }, /^abi-guard: an argument is empty/],
      [{ directory: 'nowhere' }, /^abi-guard: .*nowhere/],
      [{ command: 'doctor', 'fail-on': '$(touch x)' }, /^abi-guard: --fail-on has no level/],
      [{ command: 'audit', target: 'node@22' }, /^abi-guard: --target has no meaning for "audit"/],
    ]) {
      const { code, err } = await perform(t, root, inputs)
      assert.equal(code, 2)
      assert.match(err, words)
    }
    assert.ok(!existsSync(join(root, 'x')))
  })

  test('runs doctor with its level, and audit', async (t) => {
    const root = await repository(t, 'throws')
    writeFileSync(join(root, '.nvmrc'), '20\n')
    writeFileSync(join(root, '.node-version'), '22\n')
    const doctor = await perform(t, root, { command: 'doctor' })
    assert.equal(doctor.code, 1, doctor.err)
    assert.match(doctor.out, /^::(warning|error) file=\.n/m)
    assert.equal((await perform(t, root, { command: 'doctor', 'fail-on': 'never' })).code, 0)
    const own = join('node_modules', 'native-throws')
    mkdirSync(join(root, own, 'prebuilds'))
    renameSync(join(root, own, 'build/Release'), join(root, own, 'prebuilds/darwin-arm64'))
    const audit = await perform(t, root, { command: 'audit', directory: own })
    assert.equal(audit.code, 1, audit.out + audit.err)
  })
})

describe('without an abi-guard in the project, the step', {
  skip: skip || (!isServed && 'needs a platform package for this system') || fullLane,
}, () => {
  test('installs the version that it is given with npx, or the newest one', async (t) => {
    const root = await repository(t, 'throws', { isInstalled: false })
    const address = await ownRegistry()
    const home = project(t)
    const env = {
      HOME: home,
      npm_config_registry: address,
      npm_config_cache: join(home, 'cache'),
      PATH: [join(process.execPath, '..'), process.env.PATH].join(delimiter),
    }
    for (const version of ['', '0.1.0', '^0.1', 'latest']) {
      const { code, out, err } = await perform(t, root, { version }, { env })
      assert.equal(code, 1, err)
      assert.match(out, ANNOTATION)
    }
    const missing = await perform(t, root, { version: '9.9.9' }, { env })
    assert.notEqual(missing.code, 0)
    assert.match(missing.err, /No matching version|notarget/)
  })
})
