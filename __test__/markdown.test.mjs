// Reports as Markdown, the summary of a job, and the levels that give exit code 1.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { auditPackage, doctor, formatReport, matrix, scanNodeModules } from '../index.js'
import { run } from './support/command.mjs'
import { copyOf, project, published, withBindings } from './support/project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const prebuild = join(root, 'node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node')
const target = 'node@20.20.2/linux-x64-glibc2.36'

let addon
before(async () => {
  addon = (await published('@datadog/pprof'))(
    '@datadog/pprof',
    'prebuilds/linux-x64/dd_pprof.node.abi108.node',
  )
})

const broken = (t, more = {}) =>
  project(t, {
    'package.json': { name: 'app', dependencies: { broken: '1', '@s/fine': '1' } },
    'package-lock.json': { name: 'app', lockfileVersion: 3, packages: {} },
    ...withBindings('broken', copyOf(addon)),
    'node_modules/broken/binding.gyp': '{}',
    ...withBindings('@s/fine', copyOf(prebuild)),
    ...more,
  })

test('a scan in Markdown has the problem, its place and the command', (t) => {
  const cwd = broken(t)
  const text = formatReport(scanNodeModules(cwd, { target }), 'markdown')
  const lines = text.split('\n')
  assert.equal(
    lines[0],
    "### 1 of 2 native packages can't be loaded by Node.js 20.20.2 (linux-x64).",
  )
  assert.match(
    text,
    /\n- ✖ broken 1\.2\.3: built for Node\.js 18 \(ABI 108\).* \(package\.json:1\)/,
  )
  const healthy = formatReport(scanNodeModules(cwd, { target, ignore: ['broken'] }), 'markdown')
  assert.match(healthy, /^### 1 native package checked for .*: no problem found\.\n$/)
})

test('commands are blocks of code', async (t) => {
  const cwd = broken(t)
  const { out } = await run(['--format', 'markdown'], { cwd })
  assert.match(
    out,
    /\n {2}Rebuild broken for Node\.js [^\n]*:\n\n {2}```\n {2}npm rebuild broken\n {2}```\n/,
  )
})

test('a matrix is a table, with the reasons below', (t) => {
  const cwd = broken(t)
  const text = formatReport(matrix(cwd, { targets: [target, 'node@18'] }), 'markdown')
  assert.match(text, /\n\| package \| Node\.js 20 \| Node\.js 18 \|\n\| --- \| --- \| --- \|\n/)
  assert.match(text, /\n\| `@s\/fine` 1\.2\.3 \| loads \| loads \|\n/)
  assert.match(text, /\n\| broken 1\.2\.3 \| rebuild \| loads \|\n/)
})

test('no name becomes markup, a link or the mention of an account', (t) => {
  const name = '@team/evil](http://x)<img src=y>|`a`'
  const cwd = broken(t)
  const report = scanNodeModules(cwd, { target })
  report.packages[0] = { ...report.packages.find(({ ok }) => !ok), name }
  const text = formatReport(report, 'markdown')
  // What is left without code has none of the characters.
  const outside = text.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
  assert.doesNotMatch(outside, /[@<>|[\]]|http/, text)
})

test('the doctor and an audit have Markdown, too', (t) => {
  const cwd = broken(t, { '.nvmrc': '14\n', '.node-version': '16\n' })
  assert.match(formatReport(doctor(cwd), 'markdown'), /^### [^\n]+\n\n- [✖!i] /)
  assert.match(formatReport(auditPackage(cwd), 'markdown'), /^### app: /)
})

test('--summary adds to the summary of the job, whatever the format is', async (t) => {
  const cwd = broken(t, { 'summary.md': 'before\n' })
  const env = { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') }
  const { code, out } = await run(['--target', target, '--format', 'github', '--summary'], {
    cwd,
    env,
  })
  assert.equal(code, 1)
  assert.match(out, /^::error /)
  const summary = readFileSync(join(cwd, 'summary.md'), 'utf8')
  assert.match(summary, /^before\n### 1 of 2 native packages/)
  const without = await run(['--target', target, '--summary'], {
    cwd,
    env: { GITHUB_STEP_SUMMARY: '' },
  })
  assert.match(without.err, /GITHUB_STEP_SUMMARY is not set/)
})

test('matrix fails without --fail-on exactly as with the default level in its help', async (t) => {
  const unknown = { 'node_modules/riddle/package.json': { name: 'riddle', version: '1.0.0' } }
  unknown['node_modules/riddle/index.js'] = 'module.exports = require(process.env.WHICH)'
  for (const name of ['one', 'two']) unknown[`node_modules/riddle/${name}.node`] = copyOf(prebuild)
  const manifest = { optionalDependencies: { optional: '1' }, dependencies: { riddle: '1' } }
  const damaged = withBindings('optional', 'no addon')
  const tied = withBindings('optional', copyOf(addon))
  const cases = [
    ['a package that can’t be judged', unknown, { unknown: 1 }],
    ['a damaged optional file', damaged, { breaks: 1, rebuild: 1, unknown: 1 }],
    ['an optional file that only throws', tied, {}],
    ['both', { ...unknown, ...tied }, { unknown: 1 }],
  ]
  const { out: help } = await run(['matrix', '--help'])
  const [, level] = /the default is (\w+)/.exec(help)
  for (const [name, files, codes] of cases) {
    const cwd = project(t, { 'package.json': manifest, ...files })
    const codeOf = async (...words) =>
      (await run(['matrix', '--target', target, ...words], { cwd })).code
    for (const each of ['breaks', 'rebuild', 'unknown', 'never'])
      assert.equal(await codeOf('--fail-on', each), codes[each] ?? 0, `${name}: ${each}`)
    assert.equal(await codeOf(), codes[level] ?? 0, `${name}: without --fail-on`)
  }
})

test('--fail-on decides what gives exit code 1', async (t) => {
  const cwd = broken(t, { '.nvmrc': '14\n', '.node-version': '16\n' })
  for (const [level, expected] of [
    ['never', 0],
    ['breaks', 0],
    ['rebuild', 1],
    ['unknown', 1],
  ]) {
    const { code } = await run(['matrix', '--target', target, '--fail-on', level], { cwd })
    assert.equal(code, expected, level)
  }
  const worst = doctor(cwd).findings.map(({ severity }) => severity)
  for (const [level, severities] of [
    ['never', []],
    ['error', ['error']],
    ['warning', ['error', 'warning']],
    ['note', ['error', 'warning', 'note']],
  ]) {
    const { code } = await run(['doctor', '--fail-on', level], { cwd })
    assert.equal(code, Number(worst.some((one) => severities.includes(one))), level)
  }
  const { code, err } = await run(['doctor', '--fail-on', 'breaks'], { cwd })
  assert.equal(code, 2)
  assert.match(err, /no level "breaks" for doctor: use error, warning, note or never/)
})
