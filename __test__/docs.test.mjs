// The documents keep up with the code.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found)

const definitions = JSON.parse(read('schema/types.json'))
const named = (type) => definitions[type].oneOf.map((one) => one.const)

const codes = named('KnownProblemCode')

test('every problem code has its section in docs/problems.md, in the same order, and no section is left over', () => {
  assert.ok(codes.length > 10)
  const [problems] = read('docs/problems.md').split('\n# Other errors\n')
  assert.deepEqual(all(problems, /^## (.+)$/gm), codes)
})

test('every other code that an explanation can have has its section, too', () => {
  const [, others] = read('docs/problems.md').split('\n# Other errors\n')
  assert.deepEqual(all(others, /^## (.+)$/gm), named('KnownErrorCode'))
})

test('every fact of a problem is named in its section', () => {
  const common = ['code', 'severity', 'message']
  const [problems] = read('docs/problems.md').split('\n# Other errors\n')
  for (const section of problems.split(/^## /m).slice(1)) {
    const [code] = section.split('\n')
    const of = ({ properties }) => properties?.code?.const === code
    const { properties } = Object.values(definitions).find(of)
    const facts = Object.keys(properties).filter((name) => !common.includes(name))
    const said = all(section.split('**Facts**:')[1] ?? '', /`(\w+)`/g)
    assert.deepEqual(
      facts.filter((name) => !said.includes(name)),
      [],
      code,
    )
  }
})

test('each of them is shown, with its cause and its cure', () => {
  const [, others] = read('docs/problems.md').split('\n# Other errors\n')
  for (const section of others.split(/^## /m).slice(1)) {
    assert.match(section, /```\n.+```\n.*\*\*Cause\*\*: .+\*\*Cure\*\*: /s)
  }
})

test('every code of the doctor has its section in docs/doctor.md, in the same order', () => {
  const findings = named('KnownFindingCode')
  assert.ok(findings.length > 10)
  assert.deepEqual(all(read('docs/doctor.md'), /^## (.+)$/gm), findings)
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
