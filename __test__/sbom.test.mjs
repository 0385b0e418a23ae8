// SBOMs in CycloneDX 1.6: valid by the official schema, with the facts of every addon.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, describe, test } from 'node:test'
import { auditPackage, checkAbi, checkPackage, formatReport, scanNodeModules } from '../index.js'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compile, compiler } from './fixtures/compile.mjs'
import { universal } from './fixtures/foreign/change.mjs'
import { bomReader, component, componentsOf, facts, needs } from './formats/cyclonedx.mjs'
import { addon, app, file, target } from './formats/sbom.mjs'
import { contentHash } from './support/content.mjs'
import { copyOf, project, withBindings } from './support/project.mjs'
import { entry, tgz } from './support/tar.mjs'

let read
before(async () => {
  read = await bomReader()
})

/** The document of a report, after every check of the reader. */
const bomOf = (report) => read(formatReport(report, 'cyclonedx'))
const scanned = (folder) => bomOf(scanNodeModules(folder, { target }))

describe('an SBOM', () => {
  test('has the project, and each package with its purl and its files', (t) => {
    const bom = scanned(app(t))
    const { component: root } = bom.metadata
    assert.deepEqual(
      [root.type, root.name, root.version, root.purl],
      ['application', 'app', '2.0.0', 'pkg:npm/app@2.0.0'],
    )
    assert.deepEqual(
      bom.components
        .filter((one) => one['bom-ref'].startsWith('package:'))
        .map((one) => [one['bom-ref'], one.purl, one.components.map(({ name }) => name)]),
      [
        [
          'package:node_modules/@scope/two',
          'pkg:npm/%40scope/two@1.2.3',
          [
            'node_modules/@scope/two/build/Release/x.node',
            'node_modules/@scope/two/prebuilds/win32-x64/x.node',
          ],
        ],
        [
          'package:node_modules/middle/node_modules/one',
          'pkg:npm/one@1.0.0-rc.1%2Bbuild',
          ['node_modules/middle/node_modules/one/build/Release/x.node'],
        ],
        [
          'package:node_modules/one',
          'pkg:npm/one@1.0.0-rc.1%2Bbuild',
          ['node_modules/one/build/Release/x.node'],
        ],
        ['package:node_modules/tool', 'pkg:npm/tool', ['node_modules/tool/build/Release/x.node']],
      ],
    )
    const two = component(bom, 'package:node_modules/@scope/two')
    assert.deepEqual([two.group, two.name, two.scope], ['@scope', 'two', 'optional'])
    const inner = component(bom, 'package:node_modules/middle/node_modules/one')
    assert.deepEqual(facts(inner, 'required-by'), ['app > middle'])
    const isDev = (one) =>
      one.properties?.some(({ name }) => name === 'cdx:npm:package:development')
    assert.deepEqual(
      componentsOf(bom)
        .filter(isDev)
        .map(({ name }) => name),
      ['tool'],
    )
  })

  test('has the SHA-256 of each file', (t) => {
    const folder = app(t)
    const files = componentsOf(scanned(folder)).filter(({ type }) => type === 'file')
    assert.equal(files.length, 5)
    for (const { name, hashes } of files)
      assert.deepEqual(hashes, [{ alg: 'SHA-256', content: contentHash(join(folder, name)) }])
  })

  test('has the facts of each file, also of those that the target does not load', (t) => {
    const bom = scanned(app(t))
    const shown = (reference, names) => {
      const found = component(bom, reference)
      return Object.fromEntries(names.map((name) => [name, facts(found, name).join(' ')]))
    }
    assert.deepEqual(
      shown(file('one'), [
        'format',
        'platform',
        'arch',
        'libc',
        'api',
        'floor:glibc',
        'floor:node-api',
      ]),
      {
        format: 'elf',
        platform: 'linux',
        arch: 'x64',
        libc: 'glibc',
        api: 'node-api',
        'floor:glibc': '2.4',
        'floor:node-api': '1',
      },
    )
    assert.deepEqual(shown(file('one'), ['state', 'outcome', 'needs']), {
      state: 'active',
      outcome: 'loads',
      needs: 'libc.so.6',
    })
    assert.deepEqual(
      shown(file('@scope/two'), ['format', 'platform', 'floor:macos', 'outcome', 'problem']),
      {
        format: 'mach-o',
        platform: 'darwin',
        'floor:macos': '11.0',
        outcome: 'throws',
        problem: 'wrong-platform',
      },
    )
    assert.deepEqual(
      shown(file('@scope/two', 'prebuilds/win32-x64/x.node'), [
        'format',
        'platform',
        'state',
        'outcome',
      ]),
      { format: 'pe', platform: 'win32', state: 'dormant', outcome: '' },
    )
    assert.deepEqual(bom.metadata.properties, [
      { name: 'abi-guard:target', value: 'Node.js 20.20.2 (linux-x64)' },
    ])
  })

  test('has a graph from the project to the libraries', (t) => {
    const bom = scanned(app(t))
    const name = 'package:node_modules/one'
    assert.ok(needs(bom, 'package:.').includes(name))
    assert.deepEqual(needs(bom, name), [file('one')])
    assert.deepEqual(needs(bom, file('one')), ['library:linux-glibc:libc.so.6'])
    // The package doesn't load its dormant file.
    assert.deepEqual(needs(bom, 'package:node_modules/@scope/two'), [file('@scope/two')])
    const libraries = bom.components.filter((one) => one['bom-ref'].startsWith('library:'))
    assert.deepEqual(
      libraries.map((one) => [one['bom-ref'], facts(one, 'external').join()]),
      [
        ['library:darwin:/usr/lib/libSystem.B.dylib', 'true'],
        ['library:darwin:/usr/lib/libc++.1.dylib', 'true'],
        ['library:linux-glibc:libc.so.6', 'true'],
        ['library:win32:KERNEL32.dll', 'true'],
        ['library:win32:node.exe', 'true'],
      ],
    )
    assert.deepEqual(bom.compositions[0].aggregate, 'incomplete')
  })

  test('lists the slices of a universal file, each with its own floors', (t) => {
    const slices = ['darwin-x64', 'darwin-arm64'].map((system) => readFileSync(addon(system)))
    const folder = project(t, {
      'package.json': { name: 'app' },
      ...withBindings('fat', universal(...slices)),
    })
    const found = component(scanned(folder), file('fat'))
    assert.deepEqual(facts(found, 'arch'), ['x64', 'arm64'])
    assert.deepEqual(facts(found, 'floor:macos:arm64'), ['11.0'])
    assert.equal(facts(found, 'floor:macos:x64').length, 1)
    assert.equal(facts(found, 'floor:macos').length, 0)
    assert.equal(facts(found, 'api').length, 1)
  })

  test('has a file of a platform package in that package, and the package that loads it needs it', (t) => {
    const part = '@s/p-linux-x64'
    const folder = project(t, {
      'package.json': { name: 'app', dependencies: { p: '1' } },
      'node_modules/p/package.json': {
        name: 'p',
        version: '1.0.0',
        optionalDependencies: { [part]: '1.0.0' },
      },
      'node_modules/p/index.js': `module.exports = require('${part}/x.node')\n`,
      [`node_modules/${part}/package.json`]: {
        name: part,
        version: '1.0.0',
        os: ['linux'],
        cpu: ['x64'],
      },
      [`node_modules/${part}/x.node`]: copyOf(addon('linux-x64')),
    })
    const bom = bomOf(checkPackage(join(folder, 'node_modules/p'), { target }))
    assert.equal(component(bom, 'package:node_modules/p').components, undefined)
    assert.deepEqual(needs(bom, 'package:node_modules/p'), [
      file(part, 'x.node'),
      `package:node_modules/${part}`,
    ])
    for (const one of [bom, scanned(folder)]) {
      const owner = component(one, `package:node_modules/${part}`)
      assert.equal(owner.purl, 'pkg:npm/%40s/p-linux-x64@1.0.0')
      assert.deepEqual(
        owner.components.map((one) => one['bom-ref']),
        [file(part, 'x.node')],
      )
    }
  })

  test('has the libraries that an addon loads from a package, with their hashes', {
    skip: (!isLinuxX64 || !compiler()) && 'needs gcc on linux-x64',
  }, async (t) => {
    const made = await compile('addon_sbom', { NAPISYM: true }, { library: { LIBRARY: true } })
    const library = join(dirname(made), 'libaddon_sbom.so')
    const folder = project(t, {
      'package.json': { name: 'app' },
      ...withBindings('p', copyOf(made)),
      'node_modules/p/build/Release/libaddon_sbom.so': copyOf(library),
    })
    for (const runtime of [target, undefined]) {
      const bom = bomOf(scanNodeModules(folder, { target: runtime }))
      const reference = file('p', 'build/Release/libaddon_sbom.so')
      const found = component(bom, reference)
      assert.equal(found.hashes[0].content, contentHash(library))
      assert.deepEqual([facts(found, 'format'), facts(found, 'api')], [['elf'], []])
      const of = needs(bom, file('p'))
      assert.ok(of.includes(reference), of.join())
      assert.ok(!of.includes('library:linux-glibc:libaddon_sbom.so'))
      assert.deepEqual(needs(bom, 'package:node_modules/p'), [file('p')])
    }
  })

  test('of an audit has the package as its subject, from a folder and from an archive', (t) => {
    const manifest = { name: '@s/p', version: '1.0.0' }
    const path = 'prebuilds/linux-x64/p.node'
    const folder = project(t, {
      'package.json': manifest,
      [path]: copyOf(addon('linux-x64')),
      'p.tgz': tgz(
        entry('package/package.json', JSON.stringify(manifest)),
        entry(`package/${path}`, readFileSync(addon('linux-x64'))),
      ),
    })
    const boms = [folder, join(folder, 'p.tgz')].map((one) => bomOf(auditPackage(one)))
    for (const bom of boms) {
      const { component: subject } = bom.metadata
      assert.deepEqual([subject.type, subject.purl], ['library', 'pkg:npm/%40s/p@1.0.0'])
      const found = component(bom, `file:${path}`)
      assert.deepEqual(found.hashes, [{ alg: 'SHA-256', content: contentHash(addon('linux-x64')) }])
    }
    assert.deepEqual(boms[1].components, boms[0].components)
  })

  test('of an audit has the files of the platform packages', (t) => {
    const name = 'p-linux-x64-gnu'
    const member = { name, version: '1.0.0', os: ['linux'], cpu: ['x64'], libc: ['glibc'] }
    const folder = project(t, {
      'package.json': { name: 'p', version: '1.0.0', optionalDependencies: { [name]: '1.0.0' } },
      'npm/linux/package.json': member,
      'npm/linux/p.node': copyOf(addon('linux-x64')),
      'packed/p.tgz': tgz(
        entry('package/package.json', JSON.stringify(member)),
        entry('package/p.node', readFileSync(addon('linux-x64'))),
      ),
    })
    for (const place of ['npm', 'packed']) {
      const bom = bomOf(auditPackage(folder, { platformPackages: [join(folder, place)] }))
      const [own] = bom.components.filter((one) => one.name === name)
      assert.equal(own.purl, `pkg:npm/${name}@1.0.0`)
      const [file] = own.components
      assert.deepEqual(file.hashes, [{ alg: 'SHA-256', content: contentHash(addon('linux-x64')) }])
    }
  })

  test('has the hash of a file in an archive of Electron', (t) => {
    const parts = [
      ['package.json', Buffer.from('{"name":"p","version":"1.0.0"}')],
      ['x.node', readFileSync(addon('linux-x64'))],
    ]
    let offset = 0
    const files = {}
    for (const [name, { length: size }] of parts) {
      files[name] = { size, offset: String(offset) }
      offset += size
    }
    const tree = { files: { node_modules: { files: { p: { files } } } } }
    const header = Buffer.from(JSON.stringify(tree).padEnd(400))
    const sizes = Buffer.alloc(16)
    const numbers = [4, 8 + header.length, 4 + header.length, header.length]
    for (const [at, number] of numbers.entries()) sizes.writeUInt32LE(number, 4 * at)
    const archive = Buffer.concat([sizes, header, ...parts.map(([, bytes]) => bytes)])
    const folder = project(t, { 'resources/app.asar': archive })
    const inside = 'resources/app.asar/node_modules/p'
    const bom = bomOf(scanNodeModules(folder, { target: 'electron@31/linux-x64' }))
    // The name of a folder is no name of a package.
    assert.equal(bom.metadata.component.purl, undefined)
    assert.equal(component(bom, `package:${inside}`).purl, 'pkg:npm/p@1.0.0')
    const [hash] = component(bom, `file:${inside}/x.node`).hashes
    assert.equal(hash.content, contentHash(addon('linux-x64')))
  })

  test('of a file has its package', (t) => {
    const folder = app(t)
    const bom = bomOf(
      checkAbi(join(folder, 'node_modules/@scope/two/build/Release/x.node'), { target }),
    )
    assert.equal(bom.metadata.component.name, 'app')
    const { purl, components } = component(bom, 'package:node_modules/@scope/two')
    assert.deepEqual([purl, components.length], ['pkg:npm/%40scope/two@1.2.3', 1])
  })
})

describe('files that are damaged, absent or hostile', () => {
  test('a file that is no addon has its hash and its problem', (t) => {
    const cut = readFileSync(addon('linux-x64')).subarray(0, 3000)
    const folder = project(t, {
      'package.json': { name: 'app' },
      ...withBindings('text', 'not an addon'),
      ...withBindings('cut', cut),
      ...withBindings('empty', ''),
    })
    const bom = scanned(folder)
    for (const [name, problem] of [
      ['text', 'not-a-binary'],
      ['cut', 'truncated'],
      ['empty', 'not-a-binary'],
    ]) {
      const found = component(bom, file(name))
      const path = join(folder, `node_modules/${name}/build/Release/x.node`)
      assert.equal(found.hashes[0].content, contentHash(path))
      assert.ok(facts(found, 'problem').includes(problem), facts(found, 'problem').join())
    }
  })

  test('a file that is gone has the facts of the report and no hash', (t) => {
    const folder = app(t)
    const report = scanNodeModules(folder, { target })
    rmSync(join(folder, 'node_modules'), { recursive: true })
    const found = component(bomOf(report), file('one'))
    assert.equal(found.hashes, undefined)
    assert.deepEqual(facts(found, 'not-hashed'), ['entity not found'])
    assert.deepEqual(
      ['format', 'libc', 'outcome'].map((name) => facts(found, name).join()),
      ['elf', 'glibc', 'loads'],
    )
  })

  test('names and versions are values, and never a wrong document', (t) => {
    const names = [
      '../../etc/passwd',
      'a b"c\\',
      '@only-scope',
      '\u202eevil\u001b[31m\u009b',
      'pkg:npm/other@1',
      '##[error]x',
      'urn:cdx:1',
      'ü',
    ]
    const files = { 'package.json': { name: 'app', version: 'x'.repeat(2000) } }
    for (const [at, name] of names.entries()) {
      files[`node_modules/p${at}/package.json`] = { name, version: `${name}?x=1#y` }
      files[`node_modules/p${at}/build/Release/x.node`] = copyOf(addon('linux-x64'))
    }
    const folder = project(t, files)
    const text = formatReport(scanNodeModules(folder, { target }), 'cyclonedx')
    assert.doesNotMatch(text, /##\[|[\u0080-\u009f\u200b-\u202e]/)
    const bom = read(text)
    for (const [at, name] of names.entries()) {
      const found = component(bom, `package:node_modules/p${at}`)
      assert.deepEqual([found.name, found.version, found.purl], [name, `${name}?x=1#y`, undefined])
    }
    assert.equal(bom.metadata.component.version, undefined)
    assert.ok(!text.includes(folder), 'no path of this computer')
  })

  test('a name that is not UTF-8 is written as in reports', {
    skip: process.platform !== 'linux' && 'other systems have no such names',
  }, (t) => {
    const folder = app(t)
    const place = join(folder, 'node_modules/one/build/Release')
    const odd = Buffer.concat([
      Buffer.from(`${place}/`),
      Buffer.from([0x61, 0xff]),
      Buffer.from('.node'),
    ])
    writeFileSync(odd, readFileSync(addon('linux-x64')))
    const found = component(scanned(folder), file('one', String.raw`build/Release/a\xFF.node`))
    assert.equal(found.hashes[0].content, contentHash(addon('linux-x64')))
  })
})
