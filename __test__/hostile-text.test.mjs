// Text in untrusted files is only text: it selects no file, is not a command in a log, and no
// secrets are printed because of it.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { formatReport, scanNodeModules } from '../index.js'
import { run } from './support/command.mjs'
import { project } from './support/project.mjs'

const require = createRequire(import.meta.url)
const { lines, oneLine } = require('../lib/escape.js')

/** A project with a native package for which the doctor has findings. */
const native = {
  'package.json': { name: 'app', version: '1.0.0', dependencies: { p: '1.0.0' } },
  'node_modules/p/package.json': {
    name: 'p',
    version: '1.0.0',
    scripts: { install: 'node-gyp rebuild' },
    dependencies: { nan: '2' },
  },
  'node_modules/p/binding.gyp': '{}',
  'node_modules/p/build/Release/p.node': 'no addon',
}

describe('a project', () => {
  test('can select a release as its target, but not a file of the computer', async (t) => {
    const target = { execPath: '/dev/zero', version: '20.0.0' }
    const folder = project(t, { 'package.json': { name: 'app', 'abi-guard': { target } } })
    const { problems, target: judged } = scanNodeModules(folder)
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['invalid-settings'],
    )
    assert.match(problems[0].message, /can't have an execPath/)
    assert.equal(judged.execPath, process.execPath)
  })

  test('has a pin that isn’t a version, and the pin is not printed', async (t) => {
    const secret = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'
    for (const file of ['.nvmrc', '.node-version'])
      for (const format of ['text', 'json', 'sarif']) {
        const folder = project(t, { ...native, [file]: `${secret}\n` })
        const { out, err } = await run(['doctor', folder, '--format', format])
        assert.ok(!(out + err).includes(secret), `${file} ${format}`)
      }
  })

  test('has values in its .env, and they are never printed, however they are used', async (t) => {
    const files = {
      ...native,
      '.nvmrc': '20\n',
      '.env': 'NODE_VERSION=22.1.47\nTOKEN=s3cretToken\nWHERE=.\n',
      'compose.yaml':
        'services:\n  web:\n    image: node:$NODE_VERSION\n    volumes:\n      - $WHERE:/s3cret-$TOKEN\n' +
        '  other:\n    build: { context: ., args: { V: $NODE_VERSION, T: $TOKEN } }\n',
      Dockerfile: 'ARG V=20\nARG T\nFROM node:$V-$T\nARG T\nWORKDIR /$T\nCOPY $T .\nCOPY . /$T\n',
    }
    for (const format of ['text', 'json', 'sarif', 'github']) {
      const { out, err } = await run(['doctor', project(t, files), '--format', format])
      assert.doesNotMatch(out + err, /22\.1\.47|s3cretToken/, format)
      if (format === 'text') assert.match(out, /node:\$\{NODE_VERSION\} isn't the Node\.js 20/)
    }
  })

  test('has variables that grow exponentially, and the doctor reports that it could not examine the file', async (t) => {
    const doubling = (line) => Array.from({ length: 60 }, (_, n) => line(n)).join('\n')
    const folder = project(t, {
      ...native,
      Dockerfile: `FROM node:20\nENV a=xxxxxxxx\n${doubling((n) => `ENV a${n}=$a${n - 1}$a${n - 1}`)}\nWORKDIR /$a59\n${'COPY . .\n'.repeat(40_000)}`,
    })
    const started = performance.now()
    const { code, out } = await run(['doctor', folder])
    assert.ok(code === 0 || code === 1)
    assert.match(out, /could not be examined/)
    assert.ok(performance.now() - started < 5000)
  })

  test('has a broken package.json, and the error says so', async (t) => {
    const { code, out } = await run([
      'doctor',
      project(t, { ...native, 'package.json': '{ "name": ' }),
    ])
    assert.equal(code, 1)
    assert.match(out, /package\.json can't be read/)
  })
})

describe('text', () => {
  test('is escaped equally in reports and in messages of JavaScript, for every character', (t) => {
    const report = scanNodeModules(project(t, { 'package.json': { name: 'app' } }))
    const shown = (text) =>
      formatReport({ ...report, packages: [], directory: text }, 'text').split(
        /No native packages in[ \n]/,
      )[1]
    for (let from = 1; from < 0x110000; from += 0x400) {
      const characters = []
      // Lines are wrapped at spaces; surrogates are not characters.
      for (let at = from; at < from + 0x400; at++)
        if (at < 0x110000 && !(at >= 0xd800 && at <= 0xdfff) && at !== 0x20)
          characters.push(String.fromCodePoint(at))
      const text = characters.join('')
      assert.equal(shown(text).replace(/\.\n$/, ''), oneLine(text), from.toString(16))
    }
  })

  test('contains no command for a CI service', async (t) => {
    const names = ['::error::x', 'a ::set-env name=A::b', '##[error]x', '\n::stop-commands::t']
    const files = { 'package.json': { name: 'app' } }
    for (const [at, name] of names.entries()) {
      files[`node_modules/p${at}/package.json`] = { name, version: name }
      files[`node_modules/p${at}/build/Release/x.node`] = name
    }
    const folder = project(t, files)
    for (const format of ['text', 'json', 'sarif', 'cyclonedx']) {
      const { out, err } = await run(['scan', folder, '--format', format])
      for (const line of (out + err).split('\n')) assert.doesNotMatch(line, /^\s*::|##\[/, format)
    }
    assert.equal(lines('a\n::error::b ##[c]'), 'a\n\\u{3a}:error::b #\\u{23}[c]')
  })
})
