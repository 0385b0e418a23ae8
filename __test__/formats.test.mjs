// SARIF and the annotations of GitHub Actions: their contents for each kind of report, and their
// places in files.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  checkAbi,
  checkPackage,
  explainError,
  formatReport,
  matrix,
  scanNodeModules,
} from '../index.js'
import { placeOf, sarifReader } from './formats/sarif.mjs'
import { run } from './support/command.mjs'
import { copyOf, project, published, withBindings } from './support/project.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const prebuild = join(
  root,
  'node_modules',
  'bufferutil',
  'prebuilds',
  'linux-x64',
  'bufferutil.node',
)
const target = 'node@20.20.2/linux-x64-glibc2.36'
const spec = ['--target', target]

let addon
let read
before(async () => {
  addon = (await published('@datadog/pprof'))(
    '@datadog/pprof',
    'prebuilds/linux-x64/dd_pprof.node.abi108.node',
  )
  read = await sarifReader()
})

/** The name of a project's folder in the state directory. */
const hashOf = (folder) => createHash('sha256').update(folder).digest('hex')

/** Runs `work` with another state directory. */
function withState(directory, work) {
  const { XDG_STATE_HOME: before } = process.env
  process.env.XDG_STATE_HOME = directory
  try {
    return work()
  } finally {
    if (before === undefined) delete process.env.XDG_STATE_HOME
    else process.env.XDG_STATE_HOME = before
  }
}

const lines = (...all) => `${all.join('\n')}\n`
/**
 * A project with three dependencies: `broken` on line 4, `deep`, which is a dependency of another
 * one and on line 5 of the lockfile, and `fine`, which loads.
 */
const broken = (t, more = {}) =>
  project(t, {
    '.git/HEAD': '',
    'package.json': lines(
      '{ "name": "app", "version": "1.0.0",',
      '  "dependencies": {',
      '    "mid": "1",',
      '    "broken": "^1.2.0",',
      '    "fine": "1"',
      '  } }',
    ),
    'package-lock.json': lines(
      '{ "lockfileVersion": 3,',
      '  "packages": {',
      '    "": { "name": "app" },',
      '    "node_modules/broken": { "version": "1.2.3" },',
      '    "node_modules/deep": { "version": "1.2.3" } } }',
    ),
    'node_modules/mid/package.json': { name: 'mid', version: '1.0.0', dependencies: { deep: '1' } },
    ...withBindings('broken', copyOf(addon)),
    // npm compiles packages with this file when it installs them.
    'node_modules/broken/binding.gyp': '{}',
    ...withBindings('deep', copyOf(addon)),
    ...withBindings('fine', copyOf(prebuild)),
    ...more,
  })

describe('SARIF', () => {
  test('has a result with the full explanation at the line from which each broken package is installed', (t) => {
    const folder = broken(t)
    const run = read(formatReport(scanNodeModules(folder, { target }), 'sarif'))
    assert.deepEqual(
      run.results.map((result) => [result.ruleId, result.level, placeOf(result)]),
      [
        ['abi-mismatch', 'error', 'package.json:4'],
        ['abi-mismatch', 'error', 'package-lock.json:5'],
      ],
    )
    assert.match(
      run.results[1].message.text,
      /^deep 1\.2\.3: built for Node\.js 18 \(ABI 108\), Node\.js 20\.20\.2 needs ABI 115\.\nRequired by app > mid\.\n/,
    )
    // Commands are only shown for the runtime that runs, where users can type them.
    const own = read(formatReport(scanNodeModules(folder), 'sarif'))
    assert.match(own.results[0].message.text, /:\n {2}npm rebuild [^\n]*broken/)
    const [rule] = run.tool.driver.rules
    assert.match(rule.fullDescription.text, /^The addon uses V8/)
    assert.equal(run.tool.driver.rules.length, 1)
  })

  test('is a complete document if nothing is wrong', (t) => {
    const folder = project(t, { 'package.json': {}, ...withBindings('fine', copyOf(prebuild)) })
    const { results, tool } = read(formatReport(scanNodeModules(folder, { target }), 'sarif'))
    assert.deepEqual([results, tool.driver.rules], [[], []])
  })

  test('has the same fingerprints if line numbers and versions change', (t) => {
    const folder = broken(t)
    const prints = () => {
      const { results } = read(formatReport(scanNodeModules(folder, { target }), 'sarif'))
      return results.map(({ partialFingerprints }) => partialFingerprints['abiGuard/v1'])
    }
    const first = prints()
    assert.deepEqual(prints(), first)
    writeFileSync(
      join(folder, 'package.json'),
      '\n\n{"name": "app", "dependencies": {"x": "1", "mid": "1",\n\n"broken": "2"}}',
    )
    const manifest = { name: 'broken', version: '1.2.4', dependencies: { bindings: '1' } }
    writeFileSync(join(folder, 'node_modules', 'broken', 'package.json'), JSON.stringify(manifest))
    assert.deepEqual(prints(), first)
  })

  test('distinguishes results on one line by its own hash, which the upload does not replace', (t) => {
    const folder = project(t, {
      'package.json': {},
      ...withBindings('one', copyOf(addon)),
      ...withBindings('two', copyOf(addon)),
    })
    const { results } = read(formatReport(scanNodeModules(folder, { target }), 'sarif'))
    assert.deepEqual(results.map(placeOf), ['package.json:1', 'package.json:1'])
    const hashes = results.map(
      ({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash,
    )
    assert.ok(hashes[0] && hashes[1] && hashes[0] !== hashes[1])
    const alone = read(formatReport(scanNodeModules(broken(t), { target }), 'sarif')).results[0]
    assert.equal(alone.partialFingerprints.primaryLocationLineHash, undefined)
  })

  test('has warnings for packages that only optional dependencies need', (t) => {
    const manifest = { name: 'app', optionalDependencies: { broken: '1' } }
    const folder = project(t, {
      'package.json': manifest,
      ...withBindings('broken', copyOf(addon)),
    })
    const report = scanNodeModules(folder, { target })
    const { results } = read(formatReport(report, 'sarif'))
    assert.deepEqual([report.ok, results.map(({ level }) => level)], [true, ['warning']])
    assert.match(results[0].message.text, /optional/)
  })

  test('has errors for optional packages whose file is damaged', (t) => {
    const manifest = { name: 'app', optionalDependencies: { broken: '1' } }
    const cut = readFileSync(addon).subarray(0, 4000)
    const folder = project(t, { 'package.json': manifest, ...withBindings('broken', cut) })
    const report = scanNodeModules(folder, { target })
    const [broken] = report.packages
    assert.deepEqual([report.ok, broken.ok, broken.optional], [false, false, true])
    const { results } = read(formatReport(report, 'sarif'))
    assert.deepEqual(
      results.map(({ level, ruleId }) => [level, ruleId]),
      [['error', 'truncated']],
    )
    assert.doesNotMatch(results[0].message.text, /optional/)
    assert.equal(matrix(folder, { targets: [target] }).ok, false)
  })

  test('has results for files that could not be judged with strict', (t) => {
    const two = {
      'node_modules/two/a.node': copyOf(prebuild),
      'node_modules/two/b.node': copyOf(prebuild),
    }
    const folder = project(t, { 'package.json': {}, ...two })
    const results = (strict) =>
      read(formatReport(scanNodeModules(folder, { target, strict }), 'sarif')).results
    assert.deepEqual(results(false), [])
    assert.deepEqual(
      results(true).map(({ ruleId, level }) => [ruleId, level]),
      [['undetermined', 'warning']],
    )
  })

  test('points at the project for problems of the scan, and at the key of an invalid setting', (t) => {
    const folder = project(t, {
      'package.json': '{\n"name": "a",\n"abi-guard": 3 }',
      '.pnp.cjs': 'no table',
    })
    const state = project(t, { [`abi-guard/repairs/${hashOf(folder)}/journal.json`]: '{}' })
    const { results } = withState(state, () =>
      read(formatReport(scanNodeModules(folder, { target }), 'sarif')),
    )
    assert.deepEqual(results.map((result) => [result.ruleId, placeOf(result)]).sort(), [
      ['interrupted-repair', 'package.json:1'],
      ['invalid-settings', 'package.json:3'],
      ['unreadable', 'package.json:1'],
    ])
  })

  test('has paths relative to the repository around the project, and to the project if there is none', (t) => {
    const folder = broken(t)
    mkdirSync(join(folder, 'sub', 'node_modules'), { recursive: true })
    const inner = join(folder, 'sub')
    writeFileSync(join(inner, 'package.json'), '{"name": "sub",\n"dependencies": {"here": "1"}}')
    for (const [name, content] of Object.entries(withBindings('here', addon))) {
      mkdirSync(join(inner, name, '..'), { recursive: true })
      const text = typeof content === 'string' ? content : JSON.stringify(content)
      writeFileSync(join(inner, name), name.endsWith('.node') ? 'no addon' : text)
    }
    const { results } = read(formatReport(scanNodeModules(inner, { target }), 'sarif'))
    assert.deepEqual(results.map(placeOf), ['sub/package.json:2'])
  })

  test('writes paths as URIs', (t) => {
    const folder = project(t, {
      '.git/HEAD': '',
      'a b/ü%/package.json': '{ "dependencies": { "broken": "1" } }',
      ...Object.fromEntries(
        Object.entries(withBindings('broken', copyOf(addon))).map(([name, content]) => [
          `a b/ü%/${name}`,
          content,
        ]),
      ),
    })
    const { results } = read(
      formatReport(scanNodeModules(join(folder, 'a b', 'ü%'), { target }), 'sarif'),
    )
    assert.equal(
      results[0].locations[0].physicalLocation.artifactLocation.uri,
      'a%20b/%C3%BC%25/package.json',
    )
    assert.deepEqual(results.map(placeOf), ['a b/ü%/package.json:1'])
  })

  test('is created for a file, a package and an error', (t) => {
    const folder = broken(t)
    const file = join(folder, 'node_modules', 'broken', 'build', 'Release', 'x.node')
    const one = read(formatReport(checkAbi(file, { target }), 'sarif')).results
    assert.deepEqual(one.map(placeOf), ['package.json:4'])
    assert.match(
      one[0].message.text,
      /^node_modules[\\/]broken[\\/]build[\\/]Release[\\/]x\.node: built for Node\.js 18/,
    )
    const two = read(formatReport(checkPackage('deep', { target, from: folder }), 'sarif')).results
    assert.deepEqual(two.map(placeOf), ['package-lock.json:5'])
    const explanation = explainError(
      "Error: The module 'broken' was compiled against a different Node.js version using\nNODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 115.",
      { from: folder },
    )
    const { results } = read(formatReport(explanation, 'sarif', { from: folder }))
    assert.deepEqual(
      results.map(({ ruleId }) => ruleId),
      ['abi-mismatch'],
    )
  })
})

const evil = {
  name: 'ev\u001b[31mil\u202e](http://x)',
  version: '1\r\n::error::2',
  dependencies: { bindings: '1' },
}
const hostile = (t) =>
  project(t, {
    'package.json': {},
    'node_modules/evil/package.json': evil,
    'node_modules/evil/index.js': "require('bindings')('x')",
    'node_modules/evil/build/Release/x.node': copyOf(addon),
    ...withBindings('a%0A::error file=x,line=1::b', copyOf(addon)),
  })

describe('annotations of GitHub Actions', () => {
  test('are one command each, at the same places, with errors first', (t) => {
    const folder = broken(t, withBindings('a-text', 'text'))
    const text = formatReport(scanNodeModules(folder, { target }), 'github')
    const commands = text.trimEnd().split('\n')
    assert.equal(commands.length, 3)
    assert.match(
      commands[0],
      /^::error file=package\.json,line=1,title=a-text 1\.2\.3%3A not-a-binary::a-text/,
    )
    assert.match(
      commands[1],
      /^::error file=package\.json,line=4,title=broken 1\.2\.3%3A abi-mismatch::broken 1\.2\.3: built for .+ABI 115\.%0A/,
    )
    assert.match(commands[2], /^::error file=package-lock\.json,line=5,title=deep /)
  })

  test('are empty if nothing is wrong', (t) => {
    const folder = project(t, { 'package.json': {}, ...withBindings('fine', copyOf(prebuild)) })
    assert.equal(formatReport(scanNodeModules(folder, { target }), 'github'), '')
  })

  test('escape names, so that none becomes a command, a property or an escape sequence', (t) => {
    const report = scanNodeModules(hostile(t), { target })
    const commands = formatReport(report, 'github').trimEnd().split('\n')
    assert.equal(commands.length, 2)
    for (const command of commands) {
      // GitHub's runner reads a command up to the first "::" after its beginning, and then splits
      // the properties.
      const [, level, properties, message] = /^::(\w+) (.*?)::(.*)$/s.exec(command)
      assert.equal(level, 'error')
      const named = properties.split(',').map((property) => property.split('=')[0])
      assert.deepEqual(named, ['file', 'line', 'title'])
      assert.doesNotMatch(command, /[\u0000-\u001f\u007f-\u009f\u202e]/)
      assert.doesNotMatch(message.replaceAll('%0A', '\n'), /^::/m)
    }
    assert.match(commands.join('\n'), /title=a%250A%3A%3Aerror file=x%2Cline=1%3A%3Ab/)
  })

  test('and SARIF escape hostile names', (t) => {
    const { results } = read(formatReport(scanNodeModules(hostile(t), { target }), 'sarif'))
    const text = results.map(({ message }) => message.text).join('\n')
    assert.match(text, /ev\\u\{1b\}\\\[31mil\\u\{202e\}\\\]\(http/)
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })
})

describe('commands', () => {
  test('print one document for several reports, with the same exit code', async (t) => {
    const cwd = broken(t)
    const two = await run(['check', 'broken', 'deep', '--format', 'sarif', ...spec], { cwd })
    assert.deepEqual([two.code, two.err], [1, ''])
    assert.deepEqual(read(two.out).results.map(placeOf), ['package.json:4', 'package-lock.json:5'])
    const fine = await run(['check', 'fine', '--format', 'sarif', '--quiet', ...spec], { cwd })
    assert.equal(fine.code, 0)
    assert.deepEqual(read(fine.out).results, [])
    const scan = await run(['--format', 'github', ...spec], { cwd })
    assert.equal(scan.code, 1)
    assert.match(scan.out, /^::error .+\n::error .+\n$/)
  })

  test('audit points at the field of package.json that is wrong', async (t) => {
    const cwd = project(t, {
      '.git/HEAD': '',
      'package.json':
        '{ "name": "p", "version": "1.0.0",\n"os": ["linux"],\n"cpu": ["x64", "arm64"] }',
      'prebuilds/linux-x64/p.node': copyOf(prebuild),
      'prebuilds/darwin-x64/p.node': copyOf(prebuild),
    })
    const { code, out } = await run(['audit', '--format', 'sarif'], { cwd })
    assert.equal(code, 1)
    const { results } = read(out)
    const found = Object.fromEntries(results.map((result) => [result.ruleId, placeOf(result)]))
    assert.equal(found['missing-target'], 'package.json:2')
    assert.equal(found.mislabelled, 'package.json:1')
  })

  test('doctor points at the line of each finding', async (t) => {
    const cwd = broken(t, {
      '.nvmrc': '20\n',
      '.node-version': '18\n',
      Dockerfile: 'FROM node\nRUN npm ci\n',
    })
    const { out } = await run(['doctor', '--format', 'sarif', ...spec], { cwd })
    const found = read(out).results.map((result) => [result.ruleId, placeOf(result)])
    assert.ok(found.some(([id, place]) => id === 'node-not-pinned' && place === 'Dockerfile:1'))
    assert.ok(found.some(([id]) => id === 'pins-contradict'))
    const github = await run(['doctor', '--format', 'github', ...spec], { cwd })
    assert.match(github.out, /^::(error|warning) file=Dockerfile,line=1,title=node-not-pinned::/m)
  })

  test('explain annotates the errors of a log, and prints nothing if it knows none of them', async (t) => {
    const cwd = broken(t)
    const log =
      "Error: The module '/x/node_modules/broken/build/Release/x.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 115.\n"
    const known = await run(['explain', '--format', 'github'], { cwd, input: log })
    assert.equal(known.code, 0)
    assert.match(
      known.out,
      /^::error file=package\.json,line=4,title=broken%3A abi-mismatch::broken: /,
    )
    const unknown = await run(['explain', '--format', 'sarif', 'no such thing'], { cwd })
    assert.equal(unknown.code, 1)
    assert.deepEqual(read(unknown.out).results, [])
  })

  test('list their formats', async () => {
    for (const [args, message] of [
      [['--format', 'xml'], /there is no format "xml": use text, json, markdown, sarif, github or/],
      [['doctor', '--format', 'cyclonedx'], /doctor has no format "cyclonedx": use text, json,/],
      [['matrix', '--format', 'sarif'], /matrix has no format "sarif": use text, json or markdown/],
      [['runtimes', '--format', 'github'], /runtimes has no format "github": use text or json/],
      [['key', '--format', 'csv'], /there is no format "csv": use text or json/],
    ]) {
      const { code, out, err } = await run(args)
      assert.match(err, message)
      assert.deepEqual([code, out], [2, ''], args.join(' '))
    }
    assert.throws(
      () =>
        formatReport({ kind: 'matrix', directory: '/', ok: true, rows: [], targets: [] }, 'sarif'),
      {
        code: 'ERR_INVALID_ARG_VALUE',
        message: /text, json and markdown only/,
      },
    )
  })
})

/** The code blocks of one kind in a section of the document. */
function shown(section, kind = '') {
  const [, rest] = document.split(`\n## ${section}\n`)
  const [text] = rest.split('\n## ')
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter((block) => block[1] === kind)
    .map((block) => block[2])
}
const document = readFileSync(join(root, 'docs', 'formats.md'), 'utf8')

const isLikeThere = isLinuxX64 && process.versions.modules !== '108'
test('docs/formats.md shows the real output', { skip: !isLikeThere }, async (t) => {
  const inside = 'node_modules/better-sqlite3'
  const cwd = project(t, {
    '.git/HEAD': '',
    'package.json': lines(
      '{',
      '  "name": "shop",',
      '  "version": "1.0.0",',
      '  "dependencies": {',
      '    "express": "5.1.0",',
      '    "better-sqlite3": "11.5.0"',
      '  } }',
    ),
    [`${inside}/package.json`]: {
      name: 'better-sqlite3',
      version: '11.5.0',
      dependencies: { bindings: '1' },
    },
    [`${inside}/index.js`]: "require('bindings')('better_sqlite3')",
    [`${inside}/binding.gyp`]: '{}',
    [`${inside}/build/Release/better_sqlite3.node`]: copyOf(addon),
  })
  const print = async (format) => {
    const { out } = await run(['--format', format], { cwd })
    const { node, modules } = process.versions
    return out
      .replaceAll(node, '20.20.2')
      .replaceAll(`ABI ${modules}`, 'ABI 115')
      .replaceAll(`: ${modules}`, ': 115')
  }
  assert.equal(shown('text')[0], await print('text'))
  assert.equal(shown('github')[0], await print('github'))
  const report = JSON.parse(await print('json'))
  assert.deepEqual(JSON.parse(shown('json', 'json')[0]), report.packages[0].active.problems[0])
  const { results } = read(await print('sarif'))
  assert.deepEqual(JSON.parse(shown('sarif', 'json')[0]), results[0])
  const { components } = JSON.parse(await print('cyclonedx'))
  assert.deepEqual(JSON.parse(shown('cyclonedx', 'json')[0]), components[0])
})

if (isLinuxX64) await import('./formats/places.suite.mjs')
