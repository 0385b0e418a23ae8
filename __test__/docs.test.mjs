// The documents keep up with the code.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found)

const codes = all(read('src/verdict/problem.rs'), /^ {4}\w+ => "([a-z0-9-]+)",$/gm)

test('every problem code has its section in docs/problems.md, in the same order, and no section is left over', () => {
  assert.ok(codes.length > 10)
  assert.deepEqual(all(read('docs/problems.md'), /^## (.+)$/gm), codes)
})

test('the type ProblemCode lists every code', () => {
  const [, union] = /type ProblemCode =([^()]+)\(string & \{\}\)/.exec(read('index.d.ts'))
  assert.deepEqual(all(union, /'([a-z0-9-]+)'/g), codes)
})

const findings = all(read('src/remedy/doctor/mod.rs'), /^ {4}\w+ => "([a-z0-9-]+)",$/gm)

test('every code of the doctor has its section in docs/doctor.md and stands in FindingCode, in the same order', () => {
  assert.ok(findings.length > 10)
  assert.deepEqual(all(read('docs/doctor.md'), /^## (.+)$/gm), findings)
  const [, union] = /type FindingCode =([^()]+)\(string & \{\}\)/.exec(read('index.d.ts'))
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
