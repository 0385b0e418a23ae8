// Names that are not UTF-8: such files are opened, and a byte that isn't UTF-8 is reported as
// `\xFF`.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { auditPackage, checkAbi, scanNodeModules } from '../index.js'
import { project } from './support/project.mjs'

const prebuild = new URL(
  '../node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node',
  import.meta.url,
)
const target = 'node@20/linux-x64-glibc'
/** A path as bytes: each character below 256 becomes one byte. */
const path = (...parts) => Buffer.from(join(...parts), 'latin1')

describe('names that are not UTF-8', {
  skip: process.platform !== 'linux' && 'needs a system with such names',
}, () => {
  /** A project with a package `x`. Its addon, and a folder around the addon, have such names. */
  const made = (t) => {
    const root = project(t, { 'package.json': { name: 'app', dependencies: { x: '1' } } })
    const folder = path(root, 'node_modules', 'x', 'l\xff')
    mkdirSync(folder, { recursive: true })
    const manifest = { name: 'x', version: '1.0.0', main: 'index.js' }
    writeFileSync(join(root, 'node_modules/x/package.json'), JSON.stringify(manifest))
    const file = path(root, 'node_modules', 'x', 'l\xff', '\xe9.node')
    writeFileSync(file, readFileSync(prebuild))
    return root
  }
  const shown = String.raw`l\xFF/\xE9.node`

  test('can be opened', (t) => {
    const root = made(t)
    const audit = auditPackage(join(root, 'node_modules/x'))
    assert.deepEqual(
      audit.files.map(({ file, addon }) => [file, addon?.api]),
      [[shown, 'node-api']],
    )
    const report = scanNodeModules(root, { target })
    assert.deepEqual(
      report.problems.filter(({ code }) => code === 'unreadable'),
      [],
    )
  })

  test('are accepted in the form in which they are reported', (t) => {
    const root = made(t)
    const file = join(root, 'node_modules/x', shown)
    assert.deepEqual(
      [checkAbi(file, { target }).outcome, checkAbi(file, { target }).file],
      ['loads', file],
    )
    assert.throws(() => checkAbi(join(root, String.raw`\xFF.node`)), { code: 'ENOENT' })
  })

  test('in the path of a whole project can be opened', (t) => {
    const root = path(project(t), 'p\xff')
    for (const folder of ['', '/node_modules/x'])
      mkdirSync(Buffer.concat([root, Buffer.from(folder)]), { recursive: true })
    const put = (name, text) => writeFileSync(Buffer.concat([root, Buffer.from(name)]), text)
    put('/package.json', '{"name":"app","dependencies":{"x":"1"}}')
    put('/node_modules/x/package.json', '{"name":"x","version":"1.0.0","main":"a.node"}')
    put('/node_modules/x/a.node', readFileSync(prebuild))
    const text = root.toString('latin1').replace('\xff', String.raw`\xFF`)
    const report = scanNodeModules(text, { target })
    assert.equal(report.directory, text)
    assert.deepEqual(
      report.packages.map(({ name, path, active }) => [name, path, active?.outcome]),
      [['x', `${text}/node_modules/x`, 'loads']],
    )
  })

  test('don’t affect a name with a backslash', (t) => {
    const folder = project(t, { 'package.json': { name: 'y' } })
    copyFileSync(prebuild, join(folder, String.raw`\xFF.node`))
    writeFileSync(path(folder, '\xff.node'), 'text')
    assert.deepEqual(
      auditPackage(folder).files.map(({ file, addon }) => [file, addon?.api]),
      [
        [String.raw`\x5CxFF.node`, 'node-api'],
        [String.raw`\xFF.node`, undefined],
      ],
    )
  })
})
