// Explanations of error texts: every known text, in every context in which it can occur, and
// unrelated texts.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import abiGuard from '../index.js'
import builds from './explain/builds.mjs'
import contexts, { fragments } from './explain/contexts.mjs'
import { disguises } from './explain/disguises.mjs'
import field from './explain/field.mjs'
import foreign from './explain/foreign.mjs'
import installers from './explain/installers.mjs'
import loaders from './explain/loaders.mjs'
import { decoded, expected, explainAll } from './explain/look.mjs'
import node, { compiled, sqlite } from './explain/node.mjs'
import packages from './explain/packages.mjs'
import unknown from './explain/unknown.mjs'
import { project } from './support/project.mjs'

const { explainError } = abiGuard
const cli = fileURLToPath(new URL('../cli.js', import.meta.url))
const suites = { node, loaders, foreign, packages, installers, builds, contexts, field }

let from
before((t) => {
  from = project(t, { 'package.json': {} })
})

/** Runs the command; returns its exit code and its output. */
const run = (args, settings = {}) =>
  spawnSync(process.execPath, [cli, 'explain', ...args], {
    encoding: 'utf8',
    cwd: from,
    ...settings,
  })

describe('texts that are known', () => {
  for (const [suite, rows] of Object.entries(suites)) {
    for (const row of rows) {
      test(`${suite}: ${row.name ?? row.text.split('\n')[0]}`, () => {
        const [explanation] = explainAll(row.text, from)
        const found = decoded(explanation)
        assert.deepEqual(found, expected(row, found))
        if (row.summary) assert.match(explanation.summary, row.summary)
        if (row.why) assert.match(explanation.why, row.why)
        if (row.fix) assert.match(explanation.fix?.summary ?? '', row.fix)
      })
    }
  }

  for (const [disguise, change] of Object.entries(disguises)) {
    test(`they have the same explanation in another form: ${disguise}`, () => {
      for (const row of Object.values(suites).flat()) {
        const found = decoded(explainAll(change(row.text), from)[0])
        assert.deepEqual(found, expected(row, found), row.name ?? row.text)
      }
    })
  }

  for (const row of fragments) {
    test(`a part of an error by itself: ${row.text}`, () => {
      const found = decoded(explainAll(row.text, from)[0])
      assert.deepEqual(found, expected(row, found))
      // In prose, the same words are not an error.
      assert.deepEqual(explainAll(`It says "${row.text}" sometimes, and works then.`, from), [])
    })
  }

  test('a path that a terminal wrapped is put together', () => {
    const [start, end] = ['/home/me/app/node_modules/better-sqlite3/bui', 'ld/Release/x.node']
    for (const said of [
      (path) =>
        `Error: The module '${path}'\n${compiled('', 108, 115).split('\n').slice(1).join('\n')}`,
      (path) => `Error: ${path}: invalid ELF header`,
      (path) => `Error: ${path}: undefined symbol: foo`,
    ]) {
      const [explanation] = explainAll(said(`${start}\n${end}`), from)
      assert.equal(explanation.package, 'better-sqlite3')
      assert.equal(explanation.file, start + end)
      // The line above is another one.
      const [other] = explainAll(said(`${start} a\n${end}`), from)
      assert.notEqual(other?.file, start + end)
    }
  })

  test('no sentence is long, contains a line end, or ends with a period', () => {
    for (const row of Object.values(suites).flat()) {
      const [{ summary, why, fix }] = explainAll(row.text, from)
      for (const sentence of [summary, why, fix?.summary ?? 'x']) {
        assert.ok(sentence.length < 400 && !/\n|\.$/.test(sentence), sentence)
      }
    }
  })
})

describe('texts that are not about an addon', () => {
  for (const [name, text] of Object.entries(unknown)) {
    test(name, () => assert.deepEqual(explainAll(text, from), []))
  }

  // This form turns every text into an error of Node.js.
  const others = Object.entries(disguises).filter(([name]) => name !== 'the cause of another error')
  for (const [disguise, change] of others) {
    test(`they have no explanation in another form either: ${disguise}`, () => {
      for (const text of Object.values(unknown))
        assert.deepEqual(explainAll(change(text), from), [], text)
    })
  }
})

const mismatch = () => new Error(compiled(sqlite, 108, 115))
const codeOf = (error) => explainError(error, { from })?.code

describe('values that were thrown', () => {
  test('the most specific explanation among the causes is chosen', () => {
    const missing = new Error("Cannot find module './x.linux-x64-gnu.node'", { cause: mismatch() })
    const bug = new Error(
      'Cannot find native binding. npm has a bug related to optional dependencies',
      {
        cause: missing,
      },
    )
    assert.equal(codeOf(bug), 'abi-mismatch')
    assert.equal(codeOf(new Error('it failed', { cause: bug })), 'abi-mismatch')
  })

  test('errors in an AggregateError, and those of another realm, are explained', () => {
    assert.equal(
      codeOf(new AggregateError([new Error('x'), mismatch()], 'all failed')),
      'abi-mismatch',
    )
    const text = JSON.stringify(compiled(sqlite, 108, 115))
    assert.equal(codeOf(vm.runInNewContext(`new Error(${text})`)), 'abi-mismatch')
    assert.equal(
      codeOf(vm.runInNewContext(`new AggregateError([new Error(${text})])`)),
      'abi-mismatch',
    )
  })

  test('values that are not an Error are explained, too', () => {
    assert.equal(codeOf({ message: compiled(sqlite, 108, 115) }), 'abi-mismatch')
    assert.equal(codeOf(compiled(sqlite, 108, 115)), 'abi-mismatch')
    assert.equal(codeOf({ stderr: Buffer.from(compiled(sqlite, 108, 115)) }), 'abi-mismatch')
    assert.equal(
      codeOf(Object.assign(new Error('x'), { cause: compiled(sqlite, 108, 115) })),
      'abi-mismatch',
    )
    assert.equal(codeOf(Object.freeze(mismatch())), 'abi-mismatch')
    assert.equal(
      codeOf(Object.assign(Object.create(null), { message: mismatch().message })),
      'abi-mismatch',
    )
  })

  test('a value without a known text gives null', () => {
    const values = [
      null,
      undefined,
      0,
      NaN,
      1n,
      true,
      Symbol('x'),
      () => {},
      class {},
      [],
      {},
      new Date(),
      '',
    ]
    for (const value of values) assert.equal(explainError(value, { from }), null)
  })

  test('circular causes, getters that throw and proxies cause no error', () => {
    const circle = mismatch()
    circle.cause = circle
    assert.equal(codeOf(circle), 'abi-mismatch')
    const [a, b] = [new Error('a'), mismatch()]
    a.cause = b
    b.cause = a
    assert.equal(codeOf(a), 'abi-mismatch')
    const many = new AggregateError([], 'x')
    many.errors = many.errors.concat(many, many)
    assert.equal(explainError(many, { from }), null)
    const throwing = Object.defineProperties(mismatch(), {
      cause: { get: () => assert.fail('cause') },
      stack: { get: () => assert.fail('stack') },
      errors: { get: () => assert.fail('errors') },
    })
    assert.equal(codeOf(throwing), 'abi-mismatch')
    const hostile = new Proxy({}, { get: () => assert.fail('get'), has: () => assert.fail('has') })
    assert.equal(explainError(hostile, { from }), null)
    const endless = new Proxy({}, { get: () => new Proxy({}, { get: () => hostile }) })
    assert.equal(explainError(endless, { from }), null)
    const stack = Object.assign(new Error('x'), {
      requireStack: [{ toString: () => assert.fail('toString') }],
    })
    assert.equal(explainError(stack, { from }), null)
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    assert.equal(explainError(proxy, { from }), null)
    assert.equal(
      explainError(Object.assign(new Error('x'), { cause: proxy, errors: proxy }), { from }),
      null,
    )
  })

  test('an endless chain of causes is followed up to a limit', () => {
    let steps = 0
    const next = () => {
      steps += 1
      return {
        message: 'x',
        get cause() {
          return next()
        },
      }
    }
    assert.equal(explainError(next(), { from }), null)
    assert.ok(steps < 1000)
  })

  test('wrong options are rejected', () => {
    for (const options of [null, 1, [], { from: 1 }, { from: '' }]) {
      assert.throws(() => explainError(mismatch(), options), { name: 'TypeError' })
    }
  })
})

describe('bad input', () => {
  const words = ({ commands }) => commands.flat()

  test('a hostile path is never interpreted as anything but a path', () => {
    const hostile = [
      '/app/node_modules/--evil/x.node',
      '/app/node_modules/../../x/y.node',
      '/app/node_modules/$(rm -rf x)/y.node',
      '/app/node_modules/`id`/y.node',
      '/app/node_modules/a;id/y.node',
      '/app/node_modules/@--x/--y/y.node',
      '/app/node_modules/-g/y.node',
      `/app/node_modules/${'a'.repeat(100_000)}/y.node`,
      '/app/node_modules/\u001b]0;title\u0007/y.node',
      '/app/node_modules/\u202egnp/y.node',
    ]
    for (const file of hostile) {
      for (const row of [compiled(file, 108, 115), `Module did not self-register: '${file}'.`]) {
        const explanation = explainError(new Error(row), { from })
        assert.ok(explanation, file)
        assert.equal(explanation.package, null, file)
        assert.deepEqual(explanation.fix ? words(explanation.fix) : [], [], file)
        const text = abiGuard.formatReport(explanation, 'text', { width: 80 })
        assert.doesNotMatch(
          text,
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u,
        )
      }
    }
  })

  test('an invalid package name is never part of a command', () => {
    const texts = ['--evil', '../../x', 'a;id', '$(id)', '-g', '@x', '.', '..'].flatMap((name) => [
      `error: '${name}' is not yet supported in Bun.`,
      `npm warn install-scripts 1 package had install scripts blocked because they are not covered by allowScripts:\nnpm warn install-scripts   ${name}@1.0.0 (install: x)`,
      `➤ YN0004: │ ${name}@npm:1.0.0 lists build scripts, but all build scripts have been disabled.`,
      `│   Ignored build scripts: ${name}. │`,
      `Pre-built binaries not found for ${name}@1.0.0 and node@22.0.0 (node-v127 ABI, glibc)`,
      `No prebuild or local build of ${name} found. Tried ${name}-linux-x64-glibc. Please`,
      `npm lifecycle scripts (preinstall/install/postinstall) that were not executed:\n┠─ npm:${name}@1.0.0`,
      `Usage Error: Couldn't find a script name "node-gyp" in the top-level (used by ${name}@npm:9.0.0)`,
      `npm error path /app/node_modules/${name}\nnpm error gyp ERR! stack Error: not found: make\nnpm error gyp ERR! cwd /app/node_modules/${name}`,
    ])
    for (const text of texts) {
      for (const explanation of explainAll(text, from)) {
        const all = JSON.stringify([
          explanation.package,
          explanation.fix ? words(explanation.fix) : [],
        ])
        assert.doesNotMatch(all, /--evil|\.\.\/|a;id|\$\(|"-g"|"@x"|\[\.|"\.+"/, text)
      }
    }
  })

  test('paths are quoted if a shell would interpret them', () => {
    const file = '/app/$(id)/my addon/x.node'
    const said = `Error: ${file}: cannot enable executable stack as shared object requires: Invalid argument`
    const explanation = explainError(said, { from })
    assert.deepEqual(explanation.fix.commands, [['patchelf', '--clear-execstack', file]])
    assert.match(
      abiGuard.formatReport(explanation, 'text', {}),
      /'\/app\/\$\(id\)\/my addon\/x\.node'/,
    )
  })

  test('random bytes, and text that isn’t UTF-8, cause no error', () => {
    let state = 1
    const noise = Buffer.alloc(1 << 20)
    for (let at = 0; at < noise.length; at += 1) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      noise[at] = state >>> 16
    }
    assert.equal(explainError(noise.toString('latin1'), { from }), null)
    assert.equal(explainError(noise.toString(), { from }), null)
    const file = join(from, 'noise.log')
    const text = Buffer.concat([
      noise,
      Buffer.from(`\nError: ${compiled(sqlite, 108, 115)}\n`),
      noise,
    ])
    writeFileSync(file, text)
    const { status, stdout } = run([file, '--format', 'json'])
    assert.equal(JSON.parse(stdout)[0].code, 'abi-mismatch')
    assert.equal(status, 0)
    assert.equal(codeOf(`\ud800${compiled(sqlite, 108, 115)}\udc00`), 'abi-mismatch')
  })

  /** Explains 50 MB of a line, and returns the processor time in microseconds. */
  const workOf = (line) => {
    const text = `${line.repeat(Math.ceil((50 << 20) / line.length))}\nError: ${compiled(sqlite, 108, 115)}\n`
    const start = process.cpuUsage()
    const explanation = explainError(text, { from })
    const { user, system } = process.cpuUsage(start)
    assert.equal(explanation?.code, 'abi-mismatch')
    return user + system
  }
  const ordinary = 'GET /api/v1/users 200 12 ms\n'
  for (const [name, line] of Object.entries({
    'ordinary lines': ordinary,
    'lines that look like the beginning of something': "Error: Cannot find module '",
    'the same error over and over': `Error: ${compiled(sqlite, 108, 115)}\n`,
    stacks: '    at Module._extensions..node (node:internal/modules/cjs/loader:1340:18)\n',
    'lines written out': '{"level":30,"msg":"a \\"quoted\\" word\\nand a line"}\n',
    'one line': 'x',
    backslashes: '\\',
    escapes: '\u001b[31m',
    'open brackets': "dlopen('(",
  })) {
    test(`50 MB of ${name} take less than two seconds of work`, () => {
      let work = workOf(line)
      // On a slow or busy machine, at most four times the work for ordinary lines.
      if (work >= 2e6) work = Math.min(work, workOf(line))
      const most = work < 2e6 ? 2e6 : Math.max(2e6, 4 * workOf(ordinary))
      assert.ok(work < most, `${work / 1e3} ms of at most ${most / 1e3}`)
    })
  }
})

describe('abi-guard explain', () => {
  test('accepts a text, a file, or standard input', () => {
    const said = `Error: ${compiled(sqlite, 108, 115)}`
    const file = join(from, 'ci.log')
    writeFileSync(file, said)
    for (const [args, input] of [[[said]], [[file]], [[], said], [['-'], said]]) {
      const { status, stdout, stderr } = run(args, { input })
      assert.deepEqual([status, stderr], [0, ''])
      assert.match(stdout, /better-sqlite3: built for Node\.js 18 \(ABI 108\), run by Node\.js 20/)
    }
  })

  test('says that a text is unknown, and exits with 1', () => {
    const { status, stdout } = run(['TypeError: x is not a function'])
    assert.deepEqual([status, stdout], [1, 'The text contains no known error.\n'])
    assert.equal(run([], { input: '' }).status, 1)
  })
})
