// The documents agree with the code.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found)

const definitions = JSON.parse(read('schema/types.json'))
const named = (type) => definitions[type].oneOf.map((one) => one.const)

const codes = named('KnownProblemCode')

test('every problem code has its section in docs/problems.md, in the same order, and there is no other section', () => {
  assert.ok(codes.length > 10)
  const [problems] = read('docs/problems.md').split('\n# Other errors\n')
  assert.deepEqual(all(problems, /^## (.+)$/gm), codes)
})

test('every other code of an explanation has its section, too', () => {
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

test('each of these codes has an example, a cause and a fix in its section', () => {
  const [, others] = read('docs/problems.md').split('\n# Other errors\n')
  for (const section of others.split(/^## /m).slice(1)) {
    assert.match(section, /```\n.+```\n.*\*\*Cause\*\*: .+\*\*Fix\*\*: /s)
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

/** The files below `path` whose names have this ending, or `path` itself. */
function files(path, ending) {
  if (path.endsWith(ending)) return [path]
  return readdirSync(new URL(`../${path}/`, import.meta.url), { withFileTypes: true }).flatMap(
    (entry) => {
      const inside = `${path}/${entry.name}`
      return entry.isDirectory() || inside.endsWith(ending) ? files(inside, ending) : []
    },
  )
}

/** Codes that the sources only compare with, and their origins. */
const LOOKED_AT = {
  EBUSY: 'fs; the repair then tries another method',
  EEXIST: 'fs: the file already exists',
  ENXIO: 'a socket in the place of standard error',
  EPIPE: 'a pipe whose reader has closed it',
  EXDEV: 'fs; the repair then copies the file',
  ERR_ACCESS_DENIED: 'Node.js, reported as ERR_ABI_GUARD_BINARY_DISABLED',
  ERR_DLOPEN_DISABLED: 'Node.js, reported as ERR_ABI_GUARD_BINARY_DISABLED',
  ERR_PARSE_ARGS_UNKNOWN_OPTION: 'parseArgs, reported as wrong usage',
}

/** Codes of errors that Node.js creates and that abi-guard passes to its caller unchanged. */
const PASSED_ON = [
  'ERR_INVALID_FILE_URL_HOST',
  'ERR_INVALID_FILE_URL_PATH',
  'ERR_INVALID_URL',
  'ERR_INVALID_URL_SCHEME',
]

test('docs/errors.md has exactly the codes that can be thrown', () => {
  const scripts = readdirSync(new URL('..', import.meta.url)).filter((name) =>
    /^(?!biome)[\w-]+\.m?js$/.test(name),
  )
  const ours = [...scripts, ...files('lib', '.js')].map(read).join('\n')
  const core = files('src', '.rs').map((path) => [path, read(path)])
  // In the other rooms, such words are parts of texts that abi-guard explains.
  const coded = core.filter(([path]) => path.startsWith('src/binding/')).map(([, text]) => text)
  const found = all(`${ours}\n${coded}`, /['"`]((?:ERR_[A-Z_]*|ABORT_ERR|E[A-Z]{2,}))['"`]/g)
  // These are beginnings of codes, which the sources compare with.
  const whole = found.filter(
    (code) => !['ERR_ABI_GUARD_', 'ERR_INVALID_ARG', 'ERR_PARSE_ARGS'].includes(code),
  )
  const document = read('docs/errors.md')
  const listed = all(document, /^(?:### |\| `)([A-Z_]+)(?:`|$)/gm)
  assert.deepEqual(listed, [...new Set(listed)])
  assert.deepEqual(
    [...listed, ...Object.keys(LOOKED_AT)].sort(),
    [...new Set([...whole, ...PASSED_ON])].sort(),
  )
})

test('every error of docs/errors.md says when it happens and what to do', () => {
  const sections = read('docs/errors.md').split(/^### /m).slice(1)
  assert.ok(sections.length > 10)
  for (const section of sections)
    assert.match(section, /^[A-Z_]+\n\n\*\*When\*\*: .+\n\*\*What to do\*\*: .+/s)
  for (const document of ['README.md', 'index.d.ts', 'docs/problems.md'])
    assert.match(read(document), /errors\.md/, document)
})

test('docs/bundlers.md has the settings that the message about a bundle names', () => {
  const [code, document] = ['lib/outside.js', 'docs/bundlers.md'].map(read)
  for (const setting of [
    "externals: { 'abi-guard/register': 'commonjs abi-guard/register' }",
    '--external:abi-guard',
    'external: [/^abi-guard/]',
    '--external abi-guard/register',
    "serverExternalPackages: ['abi-guard']",
  ])
    for (const text of [code, document]) assert.ok(text.includes(setting), setting)
})

test('every page of docs/ and every heading that a page links to exists', () => {
  const pages = files('docs', '.md')
  const anchors = (path) =>
    all(read(path), /^#+ (.+)$/gm).map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    )
  for (const page of [...pages, 'README.md'])
    for (const link of all(read(page), /\]\(([^)\s]+\.md(?:#[\w-]+)?)\)/g)) {
      if (link.startsWith('http')) continue
      const [path, anchor] = new URL(link, `file:///${page}`).href
        .slice('file:///'.length)
        .split('#')
      assert.ok(existsSync(new URL(`../${path}`, import.meta.url)), `${page}: ${link}`)
      if (anchor) assert.ok(anchors(path).includes(anchor), `${page}: ${link}`)
    }
})
