// Wrong arguments: each throws, or rejects with, an error that has a code and names the argument.
// No unknown option is ignored.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import ts from 'typescript-5'
import abiGuard, { checkAbi, formatReport, resolveRuntime } from '../index.js'
import { OPTIONS, PROMISES, RUNTIME } from '../lib/arguments.js'
import promises from '../promises.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const addon = join(root, 'node_modules', 'bufferutil', 'prebuilds', 'linux-x64', 'bufferutil.node')
const report = checkAbi(addon)

const TYPE = 'ERR_INVALID_ARG_TYPE'
const VALUE = 'ERR_INVALID_ARG_VALUE'

/** The valid arguments of a function before its options. */
const LEADING = {
  checkAbi: [addon],
  checkPackage: [join(root, 'node_modules', 'bufferutil')],
  scanNodeModules: [root],
  assertNodeModules: [root],
  auditPackage: [root],
  checkArtifact: [root],
  explainError: [new Error('x')],
  doctor: [root],
  matrix: [root],
  cacheKey: [],
  formatReport: [report, 'text'],
}
const call = (name, options) => abiGuard[name](...LEADING[name], options)
const callLater = (name, options) => promises[name](...LEADING[name], options)

/** Asserts that an error has the form of all errors for wrong arguments. */
function isCoded(error, code, argument) {
  assert.ok(error instanceof TypeError, String(error?.stack ?? error))
  assert.deepEqual([error.code, error.argument], [code, argument], error.message)
  assert.ok(error.message.startsWith(`The "${argument}" argument `), error.message)
  assert.deepEqual(Object.keys(error), ['code'])
  return true
}

/** Asserts that both functions with a name reject the options with the same error. */
async function refuses(name, options, code, argument, words = '') {
  let message
  const matches = (error) => {
    assert.ok(error.message.includes(words), error.message)
    // The message of the asynchronous function lists more options after the semicolon.
    const [what] = error.message.split(';')
    message ??= what
    assert.equal(what, message)
    return isCoded(error, code, argument)
  }
  assert.throws(() => call(name, options), matches)
  if (promises[name]) await assert.rejects(callLater(name, options), matches)
}

const all = Object.keys(OPTIONS)
const withTarget = all.filter((name) => OPTIONS[name].target)

describe('the table of options', () => {
  /** The types of all parameters, as TypeScript reads them. */
  const program = ts.createProgram([join(root, 'index.d.ts'), join(root, 'promises.d.ts')], {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
  })
  const checker = program.getTypeChecker()

  /** The options of each function that a file declares: name → type of the value. */
  function declared(file) {
    const source = program.getSourceFile(join(root, file))
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source))
    const found = {}
    for (const symbol of exported) {
      const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures()
      if (!signature) continue
      const parameter = signature.parameters.find(({ name }) => name === 'options')
      const type = parameter && checker.getNonNullableType(checker.getTypeOfSymbol(parameter))
      const options = type ? checker.getPropertiesOfType(type) : []
      found[symbol.name] = Object.fromEntries(
        options.map((option) => [option.name, kindOf(option)]),
      )
      for (const { name, flags } of options)
        assert.ok(flags & ts.SymbolFlags.Optional, `${symbol.name}: ${name} is optional`)
    }
    return found
  }

  function kindOf(option) {
    const type = checker.getTypeOfSymbol(option)
    const text = checker.typeToString(type)
    assert.match(text, / \| undefined$|^undefined \| /, `${option.name} may be undefined: ${text}`)
    return KINDS[text.replace(/^undefined \| | \| undefined$/g, '')] ?? text
  }
  const KINDS = {
    boolean: 'boolean',
    number: 'number',
    string: 'string',
    'string[]': 'names',
    PathLike: 'path',
    'PathLike[]': 'paths',
    'VersionLimit[]': 'limits',
    'SystemName[]': 'systems',
    RuntimeSpec: 'runtime',
    'RuntimeSpec[]': 'runtimes',
    Signal: 'signal',
    '((progress: Progress) => void)': 'function',
  }
  /** Functions without an options argument. */
  const WITHOUT = ['listRuntimes', 'resolveRuntime']

  test('equals the types of the functions', () => {
    const { listRuntimes, resolveRuntime, ...found } = declared('index.d.ts')
    assert.deepEqual([listRuntimes, resolveRuntime], [{}, {}])
    assert.deepEqual(found, OPTIONS)
    const later = Object.keys(PROMISES).map((name) => [
      name,
      { ...OPTIONS[name], ...PROMISES[name] },
    ])
    assert.deepEqual(declared('promises.d.ts'), Object.fromEntries(later))
  })

  test('equals the type of a runtime object', () => {
    const exported = ['runtimes', 'reports'].flatMap((name) => {
      const source = program.getSourceFile(join(root, `types/${name}.d.ts`))
      return checker.getExportsOfModule(checker.getSymbolAtLocation(source))
    })
    const type = (name) =>
      checker.getDeclaredTypeOfSymbol(exported.find((symbol) => symbol.name === name))
    const names = (name) => checker.getPropertiesOfType(type(name)).map((field) => field.name)
    assert.deepEqual(names('RuntimeFields'), Object.keys(RUNTIME))
    assert.deepEqual(names('Runtime'), Object.keys(RUNTIME))
  })

  test('has every public function', () => {
    const functions = Object.keys(abiGuard).filter((name) => name !== 'AbiError')
    assert.deepEqual(functions.sort(), [...all, ...WITHOUT].sort())
    assert.deepEqual(Object.keys(promises).sort(), Object.keys(PROMISES).sort())
    assert.deepEqual(Object.keys(LEADING), all)
  })
})

describe('an unknown option', () => {
  for (const name of all) {
    test(`is rejected by ${name}, and the message suggests the nearest name`, async () => {
      await refuses(name, { 'no such option': 1 }, VALUE, 'options', 'no option "no such option"')
      await refuses(name, { unknown: undefined }, VALUE, 'options', 'there is no option "unknown"')
      for (const right of Object.keys(OPTIONS[name])) {
        const wrong = right.slice(0, 1) + right[2] + right[1] + right.slice(3)
        await refuses(name, { [wrong]: 1 }, VALUE, 'options', `did you mean "${right}"?`)
        await refuses(name, { [right.toUpperCase()]: 1 }, VALUE, 'options', `mean "${right}"?`)
      }
    })
  }

  test('is also rejected in a runtime object', async () => {
    for (const name of withTarget) {
      const say = 'there is no field "verison": did you mean "version"?'
      await refuses(name, { target: { verison: '22' } }, VALUE, 'options.target', say)
      await refuses(name, { target: { target: 'node' } }, VALUE, 'options.target', 'there are run')
    }
    // A value that means "not given" doesn't make an unknown name valid.
    for (const value of [null, undefined])
      await refuses(
        'checkAbi',
        { target: { plaform: value } },
        VALUE,
        'options.target',
        '"platform"?',
      )
    const targets = ['node@22', { libC: 'musl' }]
    await refuses('matrix', { targets }, VALUE, 'options.targets[1]', 'did you mean "libc"?')
    assert.throws(
      () => resolveRuntime({ os: 'linux' }),
      (error) => isCoded(error, VALUE, 'spec'),
    )
  })

  test('may be valid in abi-guard/promises only, and the message says so', () => {
    for (const name of Object.keys(PROMISES)) {
      const { signal } = new AbortController()
      assert.throws(
        () => call(name, { signal }),
        ({ message, code }) => code === VALUE && /abi-guard\/promises only/.test(message),
      )
    }
  })

  test('is shown without control characters', () => {
    assert.throws(
      () => checkAbi(addon, { 'a\u001b[2J\nb': 1 }),
      ({ message }) => !/[\u0000-\u001f]/.test(message),
    )
  })
})

describe('options of a wrong type', () => {
  const wrong = {
    boolean: ['yes', 1, null, {}, []],
    number: ['80', null, {}, [], true, 80n, Symbol('x')],
    path: [1, null, {}, [], true],
    names: ['a', null, {}, new Set(['a']), { 0: 'a', length: 1 }],
    paths: ['a', null, {}, new Set(['a']), true],
    limits: ['glibc2.28', null, {}, new Set(['glibc2.28'])],
    systems: ['linux-x64', null, {}, new Set(['linux-x64'])],
    runtime: [22, true, ['node'], new Map(), () => {}],
    runtimes: ['node@22', null, {}, new Set(['node'])],
    signal: ['stop', null, {}, new AbortController(), [], 1],
    function: ['f', null, {}, 1],
  }
  for (const name of all) {
    test(`are rejected by ${name}`, async () => {
      for (const [option, kind] of Object.entries(OPTIONS[name])) {
        for (const value of wrong[kind])
          await refuses(name, { [option]: value }, TYPE, `options.${option}`)
      }
    })
  }

  test('are shown in the message, unless they are long', () => {
    const message = (threads) => {
      try {
        checkAbi(addon, { threads })
      } catch (error) {
        return error.message.slice(error.message.indexOf('Received'))
      }
    }
    assert.equal(message('yes'), "Received type string ('yes')")
    assert.equal(message('a\u001b[2J'), "Received type string ('a\\u{1b}[2J')")
    assert.match(
      message('y'.repeat(1e6)),
      /^Received type string \('y{40}', of 1000000 characters\)$/,
    )
    assert.equal(message(0), 'Received type number (0)')
    assert.equal(message(10n), 'Received type bigint (10)')
    assert.equal(message(new Map()), 'Received an instance of Map')
    assert.equal(message([]), 'Received an array')
    assert.equal(message(Object.create(null)), 'Received an object')
  })

  test('are also rejected for options that only the promises have', async () => {
    for (const [name, options] of Object.entries(PROMISES)) {
      for (const [option, kind] of Object.entries(options)) {
        for (const value of wrong[kind])
          await assert.rejects(callLater(name, { [option]: value }), (error) =>
            isCoded(error, TYPE, `options.${option}`),
          )
      }
    }
  })

  test('are named with their position in lists and runtimes', async () => {
    await refuses('scanNodeModules', { include: ['a', 1] }, TYPE, 'options.include[1]')
    // biome-ignore lint/suspicious/noSparseArray: a hole is no string
    await refuses('scanNodeModules', { ignore: [, 'a'] }, TYPE, 'options.ignore[0]')
    await refuses('matrix', { targets: ['node', 22] }, TYPE, 'options.targets[1]')
    for (const option of ['platformPackages', 'max', 'require'])
      await refuses('auditPackage', { [option]: [1] }, TYPE, `options.${option}[0]`)
    await refuses('matrix', { targets: [{ abi: '1' }] }, TYPE, 'options.targets[0].abi')
    for (const name of withTarget) {
      for (const [field, type] of Object.entries(RUNTIME)) {
        const value = type === 'number' ? '1' : 1
        await refuses(name, { target: { [field]: value } }, TYPE, `options.target.${field}`)
      }
    }
  })

  test('may have the right type and an invalid value', async () => {
    for (const width of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])
      await refuses('formatReport', { width }, VALUE, 'options.width')
    await refuses('matrix', { targets: [] }, VALUE, 'options.targets', 'it is empty')
    await refuses('matrix', { targets: ['node', 'nod@22'] }, VALUE, 'options.targets[1]', 'node@22')
    for (const name of withTarget)
      await refuses(name, { target: 'nod@22' }, VALUE, 'options.target', 'did you mean "node@22"?')
    for (const abi of [-1, 1.5, Number.NaN, 2 ** 31])
      await refuses('checkAbi', { target: { abi } }, VALUE, 'options.target.abi')
    await refuses('checkPackage', { from: '' }, VALUE, 'options.from')
    await refuses('auditPackage', { platformPackages: [''] }, VALUE, 'options.platformPackages[0]')
    await refuses('auditPackage', { max: ['glib2.28'] }, VALUE, 'options.max[0]', 'mean "glibc"?')
    const require = ['linux-x64', 'linus-x64']
    await refuses('auditPackage', { require }, VALUE, 'options.require[1]', 'mean "linux"?')
    await refuses('cacheKey', { directory: 'a\0' }, VALUE, 'options.directory')
    const from = new URL('https://example.org/')
    await refuses('explainError', { from }, 'ERR_INVALID_URL_SCHEME', 'options.from')
  })

  test('do not include null and undefined', async () => {
    for (const name of withTarget) {
      // One throws for the problems of this checkout, and for the other it is no image.
      if (['assertNodeModules', 'checkArtifact'].includes(name)) continue
      assert.doesNotThrow(() => call(name, { target: null }))
      assert.doesNotThrow(() => call(name, { target: undefined }))
    }
    assert.equal(formatReport(report, undefined, undefined), formatReport(report))
  })
})

describe('options that are not a plain object', () => {
  class Options {
    target = 'node@22'
  }
  const inherited = Object.create({ target: 'node@22' })
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const refusing = (trap) =>
    new Proxy(
      {},
      {
        [trap]() {
          throw new Error('caught you')
        },
      },
    )
  const throwing = {
    get target() {
      throw new Error('caught you')
    },
  }
  const rows = [
    ['null', null, TYPE],
    ['a text', 'node@22', TYPE],
    ['a function', () => {}, TYPE],
    ['an array', ['node@22'], TYPE],
    ['a class instance', new Options(), TYPE],
    ['a Map', new Map([['target', 'node@22']]), TYPE],
    ['a Date', new Date(), TYPE],
    ['a URL', new URL('file:///a'), TYPE],
    ['an object that inherits options', inherited, TYPE],
    ['a revoked Proxy', revoked.proxy, VALUE],
    ['a Proxy without a prototype to see', refusing('getPrototypeOf'), VALUE],
    ['a Proxy without keys to see', refusing('ownKeys'), VALUE],
  ]
  for (const [what, options, code] of rows) {
    test(`but ${what} are rejected`, async () => {
      for (const name of all) await refuses(name, options, code, 'options')
    })
  }

  test('but have a getter that throws are rejected, and the error has the cause', async () => {
    for (const name of withTarget) {
      await refuses(name, throwing, VALUE, 'options.target', "can't be read")
      assert.throws(
        () => call(name, throwing),
        ({ cause }) => cause.message === 'caught you',
      )
    }
    const { proxy } = revoked
    for (const target of [refusing('ownKeys'), proxy, throwing])
      await refuses(
        'checkAbi',
        { target },
        VALUE,
        target === throwing ? 'options.target.target' : 'options.target',
      )
    await refuses('scanNodeModules', { include: proxy }, VALUE, 'options.include')
    const list = new Proxy(['a'], { get: () => assert.fail('caught you') })
    await refuses('scanNodeModules', { include: list }, VALUE, 'options.include')
    await refuses('matrix', { targets: proxy }, VALUE, 'options.targets')
    for (const value of [proxy, refusing('get')]) {
      await refuses('checkPackage', { from: value }, TYPE, 'options.from')
      await assert.rejects(callLater('doctor', { signal: value }), (error) =>
        isCoded(error, VALUE, 'options.signal'),
      )
    }
  })

  test('but come from another realm, or have no prototype, are accepted', async () => {
    const target = 'node@20.20.2/linux-x64-glibc2.36'
    const expected = checkAbi(addon, { target })
    const bare = Object.assign(Object.create(null), { target })
    const foreign = vm.runInNewContext(`({ target: ${JSON.stringify(target)} })`)
    for (const options of [bare, foreign]) assert.deepEqual(checkAbi(addon, options), expected)
    const names = vm.runInNewContext("({ include: ['a'] })")
    assert.deepEqual(abiGuard.scanNodeModules(root, names).packages, [])
    const own = JSON.parse('{"__proto__":{"target":"node@18"}}')
    await refuses('checkAbi', own, VALUE, 'options', 'there is no option "__proto__"')
  })

  test('are read once, and properties of Object.prototype are ignored', () => {
    let reads = 0
    const options = {
      get target() {
        reads++
        return reads === 1 ? 'node@20.20.2/linux-x64-glibc2.36' : 22
      },
    }
    assert.equal(checkAbi(addon, options).target.version, '20.20.2')
    assert.equal(reads, 1)
    const names = ['target', 'from', 'signal', 'version', 'width']
    try {
      for (const name of names) Object.prototype[name] = 1
      assert.deepEqual(checkAbi(addon, {}), report)
      assert.equal(resolveRuntime({ abi: 108 }).abi, 108)
      assert.equal(formatReport(report, 'text', {}), formatReport(report))
    } finally {
      for (const name of names) delete Object.prototype[name]
    }
  })
})

describe('the other arguments', () => {
  const hostile = [
    {},
    null,
    1,
    new Proxy({}, { get: () => assert.fail('caught you') }),
    {
      get href() {
        throw new Error('caught you')
      },
    },
    { href: 1 },
  ]
  test('are named in the error if they are not a path', async () => {
    for (const value of hostile) {
      for (const [name, argument] of [
        ['checkAbi', 'file'],
        ['checkPackage', 'nameOrDirectory'],
        ['scanNodeModules', 'directory'],
        ['assertNodeModules', 'directory'],
        ['auditPackage', 'directoryOrArchive'],
        ['doctor', 'directory'],
        ['matrix', 'directory'],
      ]) {
        assert.throws(
          () => abiGuard[name](value),
          (error) => isCoded(error, TYPE, argument),
        )
        await assert.rejects(promises[name](value), (error) => isCoded(error, TYPE, argument))
      }
    }
  })

  test('are named if a format is wrong, with the nearest format', () => {
    assert.throws(() => formatReport(report, 'sarfi'), /The "format" .* did you mean "sarif"\?/)
    assert.throws(
      () => formatReport(report, null),
      (error) => isCoded(error, TYPE, 'format'),
    )
    for (const spec of [22, [], new Map(), true])
      assert.throws(
        () => resolveRuntime(spec),
        (error) => isCoded(error, TYPE, 'spec'),
      )
    assert.throws(
      () => resolveRuntime('nod@22'),
      (error) => isCoded(error, VALUE, 'spec'),
    )
  })

  test('of explainError may have any type', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const circle = new Error('x')
    circle.cause = circle
    for (const error of [
      ...hostile,
      proxy,
      circle,
      Symbol('x'),
      1n,
      { message: proxy, cause: proxy, errors: proxy, requireStack: proxy, stack: proxy },
      new AggregateError([proxy, null]),
    ]) {
      assert.equal(abiGuard.explainError(error), null)
      assert.equal(await promises.explainError(error), null)
    }
  })
})
