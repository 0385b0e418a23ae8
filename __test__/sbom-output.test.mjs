// SBOMs as documents: the same bytes for the same files, the command, and its exit codes.
import assert from 'node:assert/strict'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import {
  checkPackage,
  doctor,
  explainError,
  formatReport,
  matrix,
  scanNodeModules,
} from '../index.js'
import { bomReader, componentsOf } from './formats/cyclonedx.mjs'
import { addon, app, target } from './formats/sbom.mjs'
import { run } from './support/command.mjs'
import { copyOf, project } from './support/project.mjs'

let read
before(async () => {
  read = await bomReader()
})

describe('the same files', () => {
  test('give the same bytes, in every folder', (t) => {
    const first = app(t)
    const text = formatReport(scanNodeModules(first, { target }), 'cyclonedx')
    assert.equal(formatReport(scanNodeModules(first, { target }), 'cyclonedx'), text)
    const second = join(project(t), 'app')
    cpSync(first, second, { recursive: true })
    assert.equal(formatReport(scanNodeModules(second, { target }), 'cyclonedx'), text)
    assert.match(
      JSON.parse(text).serialNumber,
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    const { serialNumber } = JSON.parse(text)
    writeFileSync(join(second, 'node_modules/tool/build/Release/x.node'), 'changed')
    const changed = formatReport(scanNodeModules(second, { target }), 'cyclonedx')
    assert.notEqual(read(changed).serialNumber, serialNumber)
  })

  test('packages outside of the repository have no path, and references of their own', (t) => {
    const store = project(t, {
      'a/node_modules/p/package.json': { name: 'p', version: '1.0.0' },
      'a/node_modules/p/x.node': copyOf(addon('linux-x64')),
    })
    cpSync(join(store, 'a'), join(store, 'b'), { recursive: true })
    const reports = ['a', 'b'].map((name) =>
      checkPackage(join(store, name, 'node_modules/p'), { target }),
    )
    const folder = project(t, { 'package.json': { name: 'app' } })
    const report = scanNodeModules(folder, { target })
    const text = formatReport({ ...report, packages: reports }, 'cyclonedx')
    assert.ok(!text.includes(store))
    assert.deepEqual(
      componentsOf(read(text)).map((one) => one['bom-ref']),
      [
        'package:.',
        'package:p@1.0.0',
        'file:p@1.0.0/x.node',
        'package:p@1.0.0#2',
        'file:p@1.0.0#2/x.node',
        'library:linux-glibc:libc.so.6',
      ],
    )
  })

  test('have a time only if SOURCE_DATE_EPOCH gives one', async (t) => {
    const folder = app(t)
    const args = ['scan', folder, '--target', target, '--format', 'cyclonedx']
    const dated = (value) => run(args, { env: { SOURCE_DATE_EPOCH: value } })
    const of = async (value) => read((await dated(value)).out).metadata.timestamp
    assert.equal(await of('1700000000'), '2023-11-14T22:13:20Z')
    assert.equal(await of(''), undefined)
    for (const wrong of ['yesterday', '-1', '253402300800']) {
      const { code, out, err } = await dated(wrong)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, /SOURCE_DATE_EPOCH is not a time/)
    }
  })
})

test('the command has the exit code of every other format, and one document for several operands', async (t) => {
  const folder = app(t)
  const broken = 'node_modules/@scope/two/build/Release/x.node'
  const fine = 'node_modules/one/build/Release/x.node'
  const rows = [
    [['scan'], 1],
    [['check', 'one'], 0],
    [['check', broken], 1],
    [['check', broken, fine], 1],
    [['audit', 'node_modules/one'], 0],
  ]
  for (const [args, expected] of rows) {
    const more = args[0] === 'audit' ? [] : ['--target', target]
    const result = await run([...args, ...more, '--format', 'cyclonedx'], { cwd: folder })
    assert.deepEqual([result.code, result.err], [expected, ''], args.join(' '))
    const bom = read(result.out)
    const text = await run([...args, ...more], { cwd: folder })
    assert.equal(text.code, expected)
    if (args.length === 3)
      assert.deepEqual(
        componentsOf(bom)
          .filter(({ type }) => type === 'file')
          .map(({ name }) => name),
        [broken, fine],
      )
  }
})

test('reports without addons have no SBOM', (t) => {
  const folder = app(t)
  for (const report of [
    doctor(folder),
    matrix(folder, { targets: [target] }),
    explainError(new Error('/x/a.node: invalid ELF header')),
  ])
    assert.throws(() => formatReport(report, 'cyclonedx'), {
      code: 'ERR_INVALID_ARG_VALUE',
      argument: 'format',
    })
})
