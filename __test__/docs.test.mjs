// The documents keep up with the code.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const types = ['reports', 'advice'].map((name) => read(`types/${name}.d.ts`)).join('\n')
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found)

const codes = all(read('src/verdict/problem.rs'), /^ {4}\w+ => "([a-z0-9-]+)",$/gm)

test('every problem code has its section in docs/problems.md, in the same order, and no section is left over', () => {
  assert.ok(codes.length > 10)
  const [problems] = read('docs/problems.md').split('\n# Other errors\n')
  assert.deepEqual(all(problems, /^## (.+)$/gm), codes)
})

test('every other code that an explanation can have has its section, too, and stands in the types', () => {
  const sources = readdirSync(new URL('../src/remedy/explain/', import.meta.url)).filter((name) =>
    name.endsWith('.rs'),
  )
  const own = sources.flatMap((name) =>
    all(read(`src/remedy/explain/${name}`), /Finding::new\(\s*"([a-z-]+)"/g),
  )
  const [, others] = read('docs/problems.md').split('\n# Other errors\n')
  const sections = all(others, /^## (.+)$/gm)
  assert.deepEqual([...new Set(own)].sort(), [...sections].sort())
  const [, union] = /type ErrorCode =([^()]+)\(string & \{\}\)/.exec(types)
  assert.deepEqual(all(union, /'([a-z-]+)'/g), sections)
})

test('every code of a cause stands in the types', () => {
  const own = all(read('src/remedy/causes.rs'), /(?:cause\(\s*|code: )"([a-z-]+)"/g)
  const [, union] = /type CauseCode =([^()]+)\(string & \{\}\)/.exec(types)
  assert.deepEqual(all(union, /'([a-z-]+)'/g).sort(), [...new Set(own)].sort())
})

test('each of them is shown, with its cause and its cure', () => {
  const [, others] = read('docs/problems.md').split('\n# Other errors\n')
  for (const section of others.split(/^## /m).slice(1)) {
    assert.match(section, /```\n.+```\n.*\*\*Cause\*\*: .+\*\*Cure\*\*: /s)
  }
})

test('the type ProblemCode lists every code', () => {
  const [, union] = /type ProblemCode =([^()]+)\(string & \{\}\)/.exec(types)
  assert.deepEqual(all(union, /'([a-z0-9-]+)'/g), codes)
})

const findings = all(read('src/remedy/doctor/mod.rs'), /^ {4}\w+ => "([a-z0-9-]+)",$/gm)

test('every code of the doctor has its section in docs/doctor.md and stands in FindingCode, in the same order', () => {
  assert.ok(findings.length > 10)
  assert.deepEqual(all(read('docs/doctor.md'), /^## (.+)$/gm), findings)
  const [, union] = /type FindingCode =([^()]+)\(string & \{\}\)/.exec(types)
  assert.deepEqual(all(union, /'([a-z0-9-]+)'/g), findings)
})

test('every npm script and every file that a document names exists', () => {
  const { scripts } = JSON.parse(read('package.json'))
  for (const document of ['README.md', 'CONTRIBUTING.md']) {
    const text = read(document)
    for (const name of all(text, /npm run ([\w:-]+)/g))
      assert.ok(scripts[name], `${document}: npm run ${name}`)
    const paths = all(text, /(?:\]\(|`)((?:src|docs|lib|scripts|__test__|npm)\/[\w./-]*)[)`]/g)
    for (const path of paths) {
      assert.ok(existsSync(new URL(`../${path}`, import.meta.url)), `${document}: ${path}`)
    }
  }
})
