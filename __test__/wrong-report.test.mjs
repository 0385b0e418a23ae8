// Values that are not a report: the error of formatReport names the wrong field, as a path.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import abiGuard, { checkAbi, checkPackage, formatReport } from '../index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'node_modules', 'bufferutil')
const report = checkAbi(join(folder, 'prebuilds', 'linux-x64', 'bufferutil.node'))

const TYPE = 'ERR_INVALID_ARG_TYPE'
const VALUE = 'ERR_INVALID_ARG_VALUE'
const FORMATS = ['text', 'json', 'markdown', 'sarif', 'github', 'cyclonedx']

/** One report of each kind that a function can return here. */
const reports = {
  file: report,
  package: checkPackage(folder, { target: 'node@22/linux-x64-glibc2.36' }),
  scan: abiGuard.scanNodeModules(root),
  audit: abiGuard.auditPackage(folder),
  matrix: abiGuard.matrix(folder, { targets: ['node@20', 'node@22'] }),
  doctor: abiGuard.doctor(root),
  explanation: abiGuard.explainError(new Error('/x/a.node: invalid ELF header')),
}

/** Asserts that every format rejects the value, and that the error names the argument. */
function refuses(value, argument, code = VALUE, words = '') {
  for (const format of FORMATS)
    assert.throws(
      () => formatReport(value, format),
      (error) => {
        assert.ok(error instanceof TypeError)
        assert.deepEqual([error.code, error.argument], [code, argument], error.message)
        assert.ok(error.message.startsWith(`The "${argument}" argument `), error.message)
        assert.ok(error.message.includes(words), error.message)
        assert.ok(error.message.length < 300, error.message)
        return true
      },
    )
}

describe('a value that is not a report', () => {
  const circle = { ...report }
  circle.problems = [circle]
  const thrower = () => {
    throw new Error('no')
  }
  const rows = [
    ['null', null, TYPE],
    ['a text', 'report', TYPE],
    ['a function', () => {}, TYPE],
    ['an empty array', [], VALUE],
    ['reports in an array', [report], VALUE],
    ['a circle', circle, VALUE],
    ['a BigInt in it', { ...report, ok: 1n }, VALUE],
    ['a getter that throws', Object.defineProperty({}, 'x', { enumerable: true, get: thrower })],
    ['a toJSON that throws', { ...report, toJSON: thrower }],
    ['a toJSON that gives something else', { ...report, toJSON: () => 'x' }],
    ['a Proxy that throws', new Proxy({}, { ownKeys: thrower })],
  ]
  for (const [what, value, code] of rows) test(what, () => refuses(value, 'report', code))

  test('a matrix has neither sarif nor github', () => {
    for (const format of ['sarif', 'github'])
      assert.throws(() => formatReport(reports.matrix, format), {
        code: VALUE,
        argument: 'format',
      })
  })
})

describe('a wrong field is named as a path', () => {
  const problem = {
    code: 'abi-mismatch',
    severity: 'error',
    message: 'x',
    builtForAbi: 108,
    requiredAbi: 127,
  }
  const { message, ...silent } = problem
  const withProblem = (one) => ({ ...report, problems: [problem, one] })
  const rows = [
    ['a missing kind', {}, 'report.kind', 'missing'],
    ['another kind', { ...report, kind: 'fil' }, 'report.kind', 'use "file"'],
    ['a missing field', { ...report, problems: undefined }, 'report.problems', 'missing'],
    ['another type', { ...report, problems: 'none' }, 'report.problems', 'an array'],
    ['null', { ...report, file: null }, 'report.file', 'must be a string, not null'],
    ['a number', { ...report, target: { ...report.target, abi: -1 } }, 'report.target.abi', '-1'],
    [
      'a fraction',
      { ...report, target: { ...report.target, abi: 1.5 } },
      'report.target.abi',
      'whole number, not 1.5',
    ],
    ['another name', { ...report, outcome: 'lods' }, 'report.outcome', 'use "loads"'],
    ['a problem that is a number', withProblem(1), 'report.problems[1]', 'an object'],
    ['a problem of no code', withProblem({ message }), 'report.problems[1].code', 'missing'],
    [
      'a problem of a later version',
      withProblem({ ...problem, code: 'moon-phase' }),
      'report.problems[1].code',
      'unknown value "moon-phase"',
    ],
    ['a problem without a field', withProblem(silent), 'report.problems[1].message', 'missing'],
    [
      'a fact of another type',
      withProblem({ ...problem, builtForAbi: '108' }),
      'report.problems[1].builtForAbi',
      'a whole number',
    ],
    [
      'a fact of another problem',
      withProblem({ ...problem, library: 'x' }),
      'report.problems[1].library',
      "this field doesn't exist",
    ],
    [
      'a code of an explanation',
      { ...reports.explanation, code: 'moon-phase' },
      'report.code',
      'unknown value "moon-phase"',
    ],
    [
      'a name that is no identifier',
      { ...report, 'a\u001B[31m b': 1 },
      String.raw`report["a\u{1b}[31m b"]`,
      "this field doesn't exist",
    ],
    ['a long name', { ...report, ['a'.repeat(10_000)]: 1 }, `report["${'a'.repeat(60)}"…]`],
    ['a long value', { ...report, outcome: 'a'.repeat(10_000) }, 'report.outcome', 'aaa"…'],
  ]
  for (const [what, value, argument, words] of rows)
    test(what, () => refuses(value, argument, VALUE, words))

  test('in the file of a package is named with its index', () => {
    const { active, dormant } = reports.package
    const wrong = { ...reports.package, active: { ...active, outcome: 'fails' } }
    refuses(wrong, 'report.active.outcome')
    const files = dormant.with(1, { ...dormant[1], file: 1 })
    refuses({ ...reports.package, dormant: files }, 'report.dormant[1].file')
    const scan = { ...reports.scan, packages: [wrong] }
    refuses(scan, 'report.packages[0].active.outcome')
  })

  // For every object in a report, each of its fields: once missing or wrong, and once beside an
  // unknown field.
  for (const [kind, whole] of Object.entries(reports)) {
    test(`every field of the kind ${kind}`, () => {
      let count = 0
      for (const { steps, path } of objectsIn(whole)) {
        const extra = structuredClone(whole)
        at(extra, steps).ofVersion2 = null
        refuses(extra, `report${path}.ofVersion2`)
        for (const [name, value] of Object.entries(at(whole, steps))) {
          // A field that may be null may be missing.
          if (value === null) continue
          const other = structuredClone(whole)
          at(other, steps)[name] = typeof value === 'object' ? 'x' : {}
          const field = `report${path}.${name}`
          assert.throws(
            () => formatReport(other, 'json'),
            ({ argument }) => argument === field,
            field,
          )
          count++
        }
      }
      assert.ok(count >= 3, `${count} fields`)
    })
  }
})

describe('a hostile prototype', () => {
  test('adds no field to a report', () => {
    refuses(Object.create(report), 'report.kind')
    const { problems, ...rest } = report
    refuses(Object.assign(Object.create({ problems }), rest), 'report.problems')
    const own = JSON.parse(JSON.stringify(report).replace('{', '{"__proto__":{"ok":true},'))
    refuses(own, 'report.__proto__')
  })

  test('that all objects inherit adds no field either', () => {
    const { problems, ...rest } = report
    Object.prototype.problems = problems
    try {
      refuses(rest, 'report.problems')
      assert.equal(formatReport(report, 'json'), `${JSON.stringify(report, null, 2)}`)
    } finally {
      delete Object.prototype.problems
    }
  })

  test('does not include that of another realm', () => {
    const foreign = vm.runInNewContext(`(${JSON.stringify(report)})`)
    for (const format of FORMATS)
      assert.equal(formatReport(foreign, format), formatReport(report, format))
  })
})

test('the fields of a report may come in any order', () => {
  const turned = (value) => {
    if (Array.isArray(value)) return value.map(turned)
    if (value === null || typeof value !== 'object') return value
    const entries = Object.entries(value).toReversed()
    return Object.fromEntries(entries.map(([name, one]) => [name, turned(one)]))
  }
  for (const whole of Object.values(reports))
    assert.equal(formatReport(turned(whole), 'json'), formatReport(whole, 'json'))
})

/** The objects in a value: the steps that lead to each of them, and the same as a path. */
function* objectsIn(value, steps = [], path = '') {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value)) yield { steps, path }
  // One entry represents all entries of an array.
  const entries = Array.isArray(value) ? value.slice(0, 1).entries() : Object.entries(value)
  for (const [name, one] of entries)
    yield* objectsIn(one, [...steps, name], path + (Array.isArray(value) ? '[0]' : `.${name}`))
}

const at = (value, steps) => steps.reduce((found, step) => found[step], value)
