// abi-guard doctor: its findings in projects with the structures of real projects, and in correct
// ones.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { formatReport } from '../index.js'
import { correct as correctInDocker } from './doctor/correct.mjs'
import { correctInCi } from './doctor/correct-ci.mjs'
import { correctInHosts } from './doctor/correct-hosts.mjs'
import { correctInImages } from './doctor/correct-images.mjs'
import { correctInPipelines } from './doctor/correct-pipelines.mjs'
import { natives } from './doctor/natives.mjs'
import { starts } from './doctor/starts.mjs'
import { wrong as wrongInDocker } from './doctor/wrong.mjs'
import { wrongInCi } from './doctor/wrong-ci.mjs'
import { wrongInHosts } from './doctor/wrong-hosts.mjs'
import { wrongInImages } from './doctor/wrong-images.mjs'
import { wrongInPipelines } from './doctor/wrong-pipelines.mjs'
import { project } from './support/project.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const correct = [
  ...correctInDocker,
  ...correctInCi,
  ...correctInHosts,
  ...correctInImages,
  ...correctInPipelines,
]
const wrong = [
  ...wrongInDocker,
  ...wrongInCi,
  ...wrongInHosts,
  ...wrongInImages,
  ...wrongInPipelines,
]
const cli = fileURLToPath(new URL('../cli.js', import.meta.url))
/** A fixed runtime instead of this process, so that the results are the same on every machine. */
const target = ['--target', 'node@20.20.2/linux-x64-glibc2.36']
/** Skips the tests that need this process as the target. */
const skip = !isLinuxX64 && 'the addon that loads is for linux-x64'
const environment = { PATH: process.env.PATH, HOME: process.env.HOME }

/** Runs the doctor; returns `code`, `out` and `err`. */
function run(args, { cwd, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, 'doctor', ...args], {
      cwd,
      env: { ...environment, ...env },
    })
    const text = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (part) => (text.out += part))
    child.stderr.setEncoding('utf8').on('data', (part) => (text.err += part))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? signal, ...text }))
  })
}

/** The report on the project in `cwd`. */
async function examine(cwd, { args = target, env } = {}) {
  const { code, out, err } = await run([...args, '--json'], { cwd, env })
  assert.equal(err, '')
  const report = JSON.parse(out)
  assert.equal(code, report.ok ? 0 : 1)
  return report
}

/** A finding's place as `file:line`, relative to `root`. */
const place = ({ file, line }, root) =>
  `${file === null ? '' : file.slice(root.length + 1).replaceAll('\\', '/')}${line === null ? '' : `:${line}`}`

const widest = (text) => Math.max(...text.split('\n').map((line) => [...line].length))

let kinds
before(async () => {
  kinds = await natives()
})

describe('a correct project', () => {
  for (const [name, kind, files] of correct) {
    test(name, async (t) => {
      const root = project(t, { ...kinds[kind], ...files })
      const { ok, findings } = await examine(root)
      // A package that needs one version of Node.js is not a mistake of the project.
      assert.deepEqual(
        findings.filter(({ code }) => code !== 'tied-to-node'),
        [],
      )
      assert.equal(ok, true)
      assert.equal(findings.length, kind === 'tied' ? 1 : 0)
    })
  }
})

describe('a project that will break', () => {
  for (const [name, kind, files, expected] of wrong) {
    test(name, async (t) => {
      const root = project(t, { ...kinds[kind], ...files })
      const { findings } = await examine(root)
      const found = findings.filter(({ code }) => code !== 'tied-to-node')
      assert.deepEqual(
        found.map((finding) => [finding.code, place(finding, root), finding.severity]).sort(),
        expected.map(([code, where, severity]) => [code, where, severity]).sort(),
        JSON.stringify(found, null, 2),
      )
      for (const [code, where, , part] of expected) {
        const finding = found.find((one) => one.code === code && place(one, root) === where)
        assert.match(finding.message, /^\S.*[^.]$/)
        if (part) assert.ok(finding.snippet?.includes(part), `${code}: ${finding.snippet}`)
      }
    })
  }

  test('both tables have enough projects', () => {
    assert.ok(correct.length + wrong.length >= 30)
    const held = new Set(wrong.flatMap(([, , , expected]) => expected.map(([code]) => code)))
    assert.ok(held.size >= 10, [...held].join())
  })
})

describe('the start of the app', () => {
  for (const [name, files, expected] of starts) {
    test(name, async (t) => {
      const root = project(t, { ...kinds.stable, ...files })
      const report = await examine(root)
      const found = report.starts.map((start) => [
        place(start, root),
        start.guard,
        start.detail?.startsWith(root) ? start.detail.slice(root.length + 1) : start.detail,
      ])
      assert.deepEqual(found.sort(), [...expected].sort())
    })
  }

  test('a secret before a command is not shown', async (t) => {
    const files = { Procfile: 'web: TOKEN=secret node a.js\n', 'a.js': '' }
    const root = project(t, { ...kinds.stable, ...files })
    assert.doesNotMatch((await run([...target, '--json'], { cwd: root })).out, /secret/)
  })
})

describe('the output of the doctor', () => {
  test('it ends with the starts, the files that were read, and what was not judged', async (t) => {
    const root = project(t, {
      ...kinds.stable,
      Procfile: 'web: node a.js\n',
      'a.js': '',
      Jenkinsfile: "node { sh 'npm ci' }\n",
      Dockerfile: 'FROM $IMAGE\nRUN npm ci\n',
    })
    const { out } = await run(target, { cwd: root })
    assert.equal(
      out,
      `Nothing to fix in ${root}.

Starts without abi-guard: Procfile:1 (node a.js).
Read: Dockerfile, Jenkinsfile, Procfile.
Not judged: Dockerfile:1: the image depends on variables that no file sets.
Not judged: Jenkinsfile:1: scripted pipelines are programs, and aren't read.
`,
    )
  })

  test('a correct project gives one line, and none with --quiet', async (t) => {
    const root = project(t, kinds.stable)
    assert.deepEqual(await run(target, { cwd: root }), {
      code: 0,
      out: `Nothing to fix in ${root}.\n`,
      err: '',
    })
    assert.deepEqual(await run([...target, '--quiet'], { cwd: root }), {
      code: 0,
      out: '',
      err: '',
    })
  })

  test('for a project without native packages, the doctor says so', async (t) => {
    const { code, out } = await run(target, { cwd: project(t, kinds.none) })
    assert.equal(code, 0)
    assert.match(out, /^Nothing to fix in .+\.\nIt has no native code: .+\n$/)
  })

  test('each finding begins with its place, and is followed by the corrected lines', async (t) => {
    const [, kind, files] = wrong[0]
    const root = project(t, { ...kinds[kind], ...files })
    for (const args of [[], [root]]) {
      const { code, out, err } = await run([...args, ...target], { cwd: root })
      assert.deepEqual([code, err], [1, ''])
      assert.match(out, /^1 thing is likely to break\.\n/)
      assert.match(
        out,
        /\nDockerfile:5 ! host-modules-copied\n {2}COPY \. copies .+\.\n {4}# \.dockerignore\n {4}\*\*\/node_modules\n/s,
      )
      assert.match(
        out,
        /\npackage\.json i tied-to-node \(note\)\n {2}profiler uses Node's own C\+\+ interface: under Node\.js 22 it .+\n/,
      )
      assert.ok(widest(out) <= 80, out)
      assert.doesNotMatch(out, /\u001b/)
    }
  })

  test('--verbose shows the tools, the pins and the files that were read', async (t) => {
    const files = {
      '.nvmrc': '20\n',
      '.dockerignore': 'node_modules',
      Dockerfile: 'FROM node:20\nRUN npm ci\n',
    }
    const { out } = await run([...target, '--verbose'], {
      cwd: project(t, { ...kinds.tied, ...files }),
    })
    assert.match(
      out,
      /\nTools:\n {2}C\+\+ compiler .+\n {2}make .+\n {2}Python .+\n {2}node-gyp .+\n/,
    )
    assert.match(out, /\nRequired Node\.js:\n {2}\.nvmrc +20\n/)
    assert.match(out, /\nRead:\n {2}Dockerfile\n/)
  })

  test('formatReport formats the report again', async (t) => {
    const report = await examine(project(t, { ...kinds.tied, Dockerfile: 'FROM node\n' }))
    assert.match(formatReport(report), /\nDockerfile:1 ! node-not-pinned\n/)
    assert.deepEqual(JSON.parse(formatReport(report, 'json')), report)
  })

  test('the same facts have a lower severity if they are guessed from a lockfile', async (t) => {
    const lock = {
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { profiler: '1' } },
        'node_modules/profiler': {
          version: '1.2.3',
          hasInstallScript: true,
          dependencies: { nan: '^2.0.0' },
        },
        'node_modules/nan': { version: '2.0.0' },
      },
    }
    const files = {
      'package.json': { name: 'app' },
      'package-lock.json': lock,
      Dockerfile: 'FROM node\nCOPY . .\n',
    }
    const root = project(t, files)
    const { native, findings } = await examine(root)
    assert.deepEqual(native, {
      basis: 'lockfile',
      packages: ['profiler'],
      tied: ['profiler'],
      own: false,
    })
    assert.deepEqual(
      findings.map(({ code, severity }) => [code, severity]),
      [
        ['node-not-pinned', 'warning'],
        ['host-modules-copied', 'warning'],
      ],
    )
    assert.match(
      (await run(target, { cwd: root })).out,
      /\nIts packages aren't installed: abi-guard used its lockfile, and/,
    )
    const { native: nothing, ok } = await examine(
      project(t, { 'package.json': {}, Dockerfile: 'FROM node\n' }),
    )
    assert.deepEqual([nothing.basis, ok], ['nothing', true])
  })
})

describe('a target', () => {
  test('with another Node.js changes which packages are tied to it, and with Electron none is', async (t) => {
    const root = project(t, { ...kinds.tied, Dockerfile: 'FROM node:latest\n' })
    const codes = async (name) => {
      const { findings } = await examine(root, {
        args: ['--target', `${name}/linux-x64-glibc2.36`],
      })
      return findings.map(({ code }) => code)
    }
    assert.deepEqual(await codes('node@20'), ['node-not-pinned', 'tied-to-node'])
    assert.deepEqual(await codes('electron@31'), ['does-not-load'])
  })
})

describe('this machine', () => {
  const unbuilt = {
    'package.json': { name: 'app', dependencies: { waiting: '1' } },
    'node_modules/waiting/package.json': {
      name: 'waiting',
      version: '1.2.3',
      dependencies: { bindings: '1' },
    },
    'node_modules/waiting/index.js': "require('bindings')('waiting')\n",
    'node_modules/waiting/binding.gyp': "{ 'targets': [] }",
  }

  test('lacks tools only if a package has to be compiled', { skip }, async (t) => {
    const bare = { PATH: '/nonexistent', CXX: '', PYTHON: '' }
    const { findings } = await examine(project(t, unbuilt), { args: [], env: bare })
    const [finding] = findings
    assert.deepEqual(
      [finding.code, finding.severity, finding.file],
      ['toolchain-missing', 'error', null],
    )
    assert.match(
      finding.message,
      /a C\+\+ compiler, make and Python aren't installed, which node-gyp needs to compile waiting/,
    )
    assert.deepEqual(
      (await examine(project(t, kinds.stable), { args: [], env: bare })).findings,
      [],
    )
  })

  test('npm’s setting for Python counts, tools in packages don’t', async (t) => {
    const root = project(t, unbuilt)
    for (const name of ['tools/python3.11', 'node_modules/.bin/make', 'node_modules/.bin/g++']) {
      const path = join(project(t, { [name]: '#!/bin/sh\n' }), name)
      chmodSync(path, 0o755)
      const folder = join(path, '..')
      const env = {
        PATH: folder,
        CXX: '',
        ...(name.startsWith('tools') && { npm_config_python: path }),
      }
      const { toolchain } = await examine(root, { args: [], env })
      assert.deepEqual(
        toolchain.python,
        name.startsWith('tools') ? { path, version: '3.11' } : null,
      )
      assert.deepEqual([toolchain.make, toolchain.compiler], [null, null])
    }
  })

  test('runs another Node.js than the pinned one', { skip }, async (t) => {
    const root = project(t, { ...kinds.stable, '.nvmrc': '# old\n4\n' })
    const { findings } = await examine(root, { args: [] })
    const found = findings.map((finding) => [finding.code, place(finding, root), finding.severity])
    assert.deepEqual(found, [['running-node-differs', '.nvmrc:2', 'warning']])
    const right = project(t, {
      ...kinds.stable,
      '.nvmrc': `${process.versions.node.split('.')[0]}\n`,
    })
    assert.deepEqual((await examine(right, { args: [] })).findings, [])
  })
})

describe('bad input', () => {
  const noise = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256))
  const bomb = ['a0: &a0 [x, x]']
  for (let level = 1; level < 60; level++)
    bomb.push(`a${level}: &a${level} [${'*a'.concat(level - 1, ', ').repeat(9)}x]`)
  const rows = [
    [
      'broken YAML',
      { 'compose.yaml': 'services:\n  a:\n    image: [node\n  b: }\n' },
      /^compose\.yaml:\d$/,
    ],
    ['a broken workflow', { '.github/workflows/a.yml': 'jobs:\n\tx: 1\n' }, /a\.yml:2$/],
    ['broken GitLab', { '.gitlab-ci.yml': 'a: "b\nc: d\n' }, /^\.gitlab-ci\.yml:\d$/],
    ['a binary Dockerfile', { Dockerfile: noise }, /^Dockerfile$/],
    ['an unknown instruction', { Dockerfile: 'FROM node:20\nRUM npm ci\n' }, /^Dockerfile:2$/],
    ['5 MB', { Dockerfile: `FROM node:20\n${'# x\n'.repeat(1_300_000)}` }, /^Dockerfile$/],
    [
      'nesting without end',
      { 'compose.yaml': `services: ${'['.repeat(500_000)}` },
      /^compose\.yaml:1$/,
    ],
  ]
  for (const [name, files, where] of rows) {
    test(`${name} gives a note, and the rest is judged`, async (t) => {
      const root = project(t, { ...kinds.tied, ...files, 'Dockerfile.other': 'FROM node\n' })
      const { findings } = await examine(root)
      const unread = findings.filter(({ code }) => code === 'file-not-read')
      assert.equal(unread.length, 1)
      assert.match(place(unread[0], root), where)
      assert.equal(unread[0].severity, 'note')
      assert.ok(
        findings.some(
          ({ code, file }) => code === 'node-not-pinned' && file.endsWith('Dockerfile.other'),
        ),
      )
    })
  }

  test('YAML aliases of aliases take no time', async (t) => {
    const files = {
      'compose.yaml': `${bomb.join('\n')}\nservices:\n  a:\n    image: node\n    volumes: *a59\n`,
    }
    const started = performance.now()
    const { findings } = await examine(project(t, { ...kinds.tied, ...files }))
    assert.ok(performance.now() - started < 5000)
    assert.ok(findings.some(({ code }) => code === 'node-not-pinned'))
  })

  test('control characters in files never reach the terminal', async (t) => {
    const evil = '\u001b]0;owned\u0007\u001b[2J\u202e'
    const files = {
      '.nvmrc': `20${evil}\n`,
      Dockerfile: `FROM node:latest AS a${evil}\n`,
      'Dockerfile.b': `R${evil}\n`,
      'compose.yaml': `services:\n  a:\n    image: "node:lts-\\e[2J${'x'}"\n`,
      '.gitlab-ci.yml': `${'a'}:\n  image: node:latest\n  script: npm i\n`,
    }
    const root = project(t, { ...kinds.tied, ...files })
    const { out } = await run(target, { cwd: root })
    assert.doesNotMatch(out.replaceAll('\n', ''), /[\p{Cc}\u202e]/u)
    assert.match(out, /node-not-pinned/)
  })

  test('links are not followed, and folders with names of files are skipped', async (t) => {
    const root = project(t, {
      ...kinds.tied,
      'compose.yaml/x': '',
      '.nvmrc/x': '',
      '.github/workflows/a.yml/x': '',
    })
    symlinkSync('/etc/passwd', join(root, 'Dockerfile'))
    symlinkSync('..', join(root, 'loop'))
    assert.deepEqual(
      (await examine(root)).findings.map(({ code }) => code),
      ['tied-to-node'],
    )
  })

  test('a missing directory gives an error in one line', async (t) => {
    const { code, out, err } = await run(['./absent', ...target], { cwd: project(t, {}) })
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, /^abi-guard: there is no .+absent \(ENOENT\).*\n$/)
    const file = join(project(t, {}), 'x')
    writeFileSync(file, '')
    assert.equal((await run([file, ...target])).code, 2)
  })
})
