// npm run generate:types writes the published forms of the report types. A test in
// src/model/schema.rs writes schema/types.json. This script makes from it:
//
//   schema/report-1.json   the JSON Schema of all that `--format json` and formatReport print
//   types/problems.d.ts, types/reports.d.ts   the same for TypeScript
//
// Raise the number in the schema's name if a field is removed or changes its meaning. Any release
// may add fields and codes.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const HOME = 'https://raw.githubusercontent.com/abi-guard/abi-guard/main/schema'

/** What is printed, by the command that prints it. */
const ROOTS = [
  ['scan, formatReport', { $ref: '#/$defs/ScanReport' }],
  ['check of a package, formatReport', { $ref: '#/$defs/PackageReport' }],
  ['check of a file, formatReport', { $ref: '#/$defs/AbiReport' }],
  [
    'check of several',
    {
      type: 'array',
      items: { anyOf: [{ $ref: '#/$defs/PackageReport' }, { $ref: '#/$defs/AbiReport' }] },
    },
  ],
  ['audit, formatReport', { $ref: '#/$defs/AuditReport' }],
  ['explain', { type: 'array', items: { $ref: '#/$defs/Explanation' } }],
  ['formatReport of an explanation', { $ref: '#/$defs/Explanation' }],
  ['doctor, formatReport', { $ref: '#/$defs/DoctorReport' }],
  ['matrix, formatReport', { $ref: '#/$defs/MatrixReport' }],
  ['runtimes', { type: 'array', items: { $ref: '#/$defs/RuntimeRelease' } }],
  ['key', { type: 'string' }],
]

/**
 * The types of each file, in their order in the file. `homes` adds the types that are not listed.
 */
const FILES = {
  problems: ['Problem', 'KnownProblemCode'],
  reports: [
    'AbiReport',
    'BinaryReport',
    'SliceReport',
    'AddonReport',
    'NodeApiReport',
    'PackageReport',
    'DormantFile',
    'ScanReport',
    'Stats',
    'Fix',
    'RootCause',
    'AuditReport',
    'AuditedFile',
    'AuditedPackage',
    'PromisedSystem',
    'SystemFloor',
    'MatrixReport',
    'MatrixRow',
    'MatrixCell',
    'DoctorReport',
    'Finding',
    'NativeCode',
    'NodePin',
    'Toolchain',
    'Tool',
    'Explanation',
    'ExplanationCode',
    'Runtime',
    'RuntimeRelease',
  ],
}

const types = () => ordered(JSON.parse(read('types.json')))
const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')

/**
 * Sorts properties by the order of the Rust fields: `required` keeps this order, `properties`
 * doesn't.
 */
function ordered(node) {
  if (Array.isArray(node)) return node.map(ordered)
  if (node === null || typeof node !== 'object') return node
  const copy = mapped(node, ordered)
  // Validators don't know formats such as "int32".
  if (typeof copy.format === 'string') delete copy.format
  if (copy.properties && copy.type === 'object') {
    const rank = (name) => (copy.required ?? []).indexOf(name) >>> 0
    const entries = Object.entries(copy.properties).sort(([a], [b]) => rank(a) - rank(b))
    copy.properties = Object.fromEntries(entries)
  }
  return copy
}

/** The JSON Schema. */
export function schema() {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${HOME}/report-1.json`,
    title: 'Reports of abi-guard',
    description: 'What abi-guard prints with --format json, and what its functions return.',
    anyOf: ROOTS.map(([title, root]) => ({ title, ...root })),
    $defs: types(),
  }
}

/** The text of the schema's file. */
export const text = () => `${JSON.stringify(schema(), null, 2)}\n`

/**
 * The declarations for TypeScript.
 * @returns {Promise<Record<string, string>>} the text of each file in types/
 */
export async function declarations() {
  const { compile } = await import('json-schema-to-typescript')
  const definitions = types()
  const home = homes(definitions)
  const files = {}
  for (const file of Object.keys(FILES)) {
    const own = Object.keys(home).filter((name) => home[name] === file)
    const parts = []
    for (const name of own) {
      const options = { bannerComment: '', additionalProperties: false, format: false }
      parts.push(documented(await compile(named(definitions[name]), name, options)))
    }
    const text = parts.join('\n')
    files[file] = formatted(`${BANNER}\n${imports(text, file, home)}\n${text}`)
  }
  return files
}

const BANNER = `// Made by schema/generate.mjs from the types of src/model; don't edit it.
`

/** The file of each type, in the order of the types. */
function homes(definitions) {
  const known = Object.entries(FILES).flatMap(([file, names]) => names.map((name) => [name, file]))
  const rest = Object.keys(definitions).filter((name) => !known.some(([other]) => other === name))
  const isOfProblems = (name) =>
    name.endsWith('Problem') ||
    ['SystemPackages', 'FoundInstead', 'UndeterminedSubject', 'LabelPart'].includes(name)
  const others = rest.map((name) => [name, isOfProblems(name) ? 'problems' : 'reports'])
  return Object.fromEntries([...known, ...others])
}

/** The import statements for the types of other files. */
function imports(text, file, home) {
  const needed = Object.keys(home).filter(
    (name) => home[name] !== file && new RegExp(`\\b${name}\\b(?!'|-)`).test(text),
  )
  const from = (other) => needed.filter((name) => home[name] === other)
  return Object.keys(FILES)
    .filter((other) => from(other).length > 0)
    .map((other) => `import type { ${from(other).join(', ')} } from './${other}.js'\n`)
    .join('')
}

/** A type that refers to other types by name, without the properties that only validators use. */
function named(node) {
  if (Array.isArray(node)) return node.map(named)
  if (node === null || typeof node !== 'object') return node
  const { minimum, properties, ...rest } = node
  if (properties) rest.properties = mapped(properties, named)
  const name = nameOf(rest)
  if (name) return { description: rest.description, tsType: name }
  if (rest.type === 'string' && rest.examples) {
    return { description: rest.description, tsType: open(rest.examples) }
  }
  if (rest.oneOf?.every((one) => typeof one.const === 'string')) {
    const { oneOf, ...others } = rest
    return { ...others, type: 'string', enum: oneOf.map((one) => one.const) }
  }
  const { properties: done, ...others } = rest
  return { ...mapped(others, named), ...(done && { properties: done }) }
}

/**
 * A union of known names and any other string. With a plain `string`, editors would not suggest the
 * names.
 */
const open = (names) => [...names.map((name) => `'${name}'`), '(string & {})'].join(' | ')

const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))

/**
 * The TypeScript name of a reference, of a list of references, or of a union of references and
 * null.
 */
function nameOf({ $ref, anyOf, oneOf, type, items }) {
  if ($ref) return $ref.split('/').pop()
  if (type === 'array') {
    const name = items && nameOf(items)
    return name && `${name}[]`
  }
  const names = (anyOf ?? oneOf ?? []).map((one) => (one.type === 'null' ? 'null' : nameOf(one)))
  return names.length > 0 && names.every(Boolean) ? names.join(' | ') : undefined
}

/** Writes each comment on one line if it fits, otherwise on lines of up to 100 columns. */
function documented(source) {
  return source.replace(/^[ \t]*\/\*\*\n([\s\S]*?)\*\/\n(?=(export )?)/gm, (_, body, top) => {
    const indent = top ? '' : '  '
    const text = body
      .replace(/^[ \t]*\* ?/gm, '')
      .replace(/\s+/g, ' ')
      .trim()
    const line = `${indent}/** ${text} */\n`
    if (line.length <= 101) return line
    const width = 97 - indent.length
    const lines = ['']
    for (const word of text.split(' ')) {
      const last = lines.at(-1)
      if (last && last.length + word.length + 1 > width) lines.push(word)
      else lines[lines.length - 1] = last ? `${last} ${word}` : word
    }
    return `${indent}/**\n${lines.map((one) => `${indent} * ${one}\n`).join('')}${indent} */\n`
  })
}

/** Formats with the project's own settings. */
function formatted(source) {
  const biome = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url))
  const args = ['format', '--stdin-file-path=types/reports.d.ts']
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  return execFileSync(biome, args, {
    cwd,
    input: source,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const env = { ...process.env, ABI_GUARD_UPDATE: '1' }
  execFileSync('cargo', ['test', '--quiet', '--lib', 'schema'], { cwd, env, stdio: 'inherit' })
  writeFileSync(new URL('./report-1.json', import.meta.url), text())
  for (const [name, source] of Object.entries(await declarations()))
    writeFileSync(new URL(`../types/${name}.d.ts`, import.meta.url), source)
}
