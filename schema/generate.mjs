// Writes report-1.json, the JSON Schema of everything that `--format json` and formatReport print,
// from the types in types/: they say what reports are, and each of their comments becomes a
// description. `node schema/generate.mjs`
//
// The number in its name is raised when a field goes away or changes its meaning. New fields may
// come with any release.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FILES = ['runtimes', 'reports', 'publishing', 'advice']
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

/** The schema as it follows from the types. */
export function schema() {
  const declared = new Map(FILES.flatMap((name) => [...declarations(source(name))]))
  const $defs = {}
  const waiting = [...JSON.stringify(ROOTS).matchAll(/\$defs\/(\w+)/g)].map(([, name]) => name)
  for (const name of waiting) {
    if ($defs[name]) continue
    if (!declared.has(name)) throw new Error(`there is no type ${name} in types/`)
    const { type, doc } = declared.get(name)
    $defs[name] = { ...describe(doc), ...shape(type, (other) => waiting.push(other)) }
  }
  const sorted = Object.fromEntries(Object.entries($defs).sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${HOME}/report-1.json`,
    title: 'Reports of abi-guard',
    description: 'What abi-guard prints with --format json, and what its functions return.',
    anyOf: ROOTS.map(([title, root]) => ({ title, ...root })),
    $defs: sorted,
  }
}

const source = (name) => readFileSync(new URL(`../types/${name}.d.ts`, import.meta.url), 'utf8')

/** The types that a file declares: name → its shape and its comment. */
function declarations(text) {
  const bare = text.replace(/^\s*\/\/.*$/gm, '')
  const reader = new Reader(bare.match(/\/\*\*[\s\S]*?\*\/|'[^'\n]*'|[\w$]+|[^\s\w]/g) ?? [])
  const found = new Map()
  while (!reader.isDone()) {
    const doc = reader.doc()
    const word = reader.next()
    if (word === 'import') reader.skipTo(/^'/)
    else if (word === 'export' && reader.next() === 'interface') {
      found.set(reader.next(), { doc, type: reader.type() })
    } else if (word === 'export') {
      const name = reader.next()
      reader.expect('=')
      found.set(name, { doc, type: reader.type() })
    }
  }
  return found
}

/** As much of TypeScript's grammar as the types need; it gives up on anything else. */
class Reader {
  constructor(tokens) {
    this.tokens = tokens
    this.at = 0
  }

  isDone = () => this.at >= this.tokens.length
  peek = () => this.tokens[this.at]
  next = () => this.tokens[this.at++]
  doc = () => (this.peek()?.startsWith('/**') ? this.next() : '')
  takes = (token) => this.peek() === token && Boolean(this.next())

  expect(token) {
    if (!this.takes(token))
      throw new Error(
        `expected ${token} before ${this.tokens.slice(this.at, this.at + 5).join(' ')}`,
      )
  }

  skipTo(pattern) {
    while (!pattern.test(this.next()));
  }

  type() {
    this.takes('|')
    const any = [this.list()]
    while (this.takes('|')) any.push(this.list())
    return any.length === 1 ? any[0] : { any }
  }

  list() {
    let type = this.single()
    while (this.takes('[')) {
      this.expect(']')
      type = { items: type }
    }
    return type
  }

  single() {
    if (this.peek() === '{') return this.object()
    if (this.takes('(')) {
      const type = this.type()
      // (string & {}): names that are known, and room for others.
      const isOpen = this.takes('&') && this.object()
      this.expect(')')
      return isOpen ? { open: true } : type
    }
    const word = this.next()
    return word.startsWith("'") ? { literal: word.slice(1, -1) } : { name: word }
  }

  object() {
    this.expect('{')
    const type = { fields: [], isOpen: false }
    while (!this.takes('}')) {
      const doc = this.doc()
      this.takes('readonly')
      if (this.takes('[')) {
        this.skipTo(/^\]$/)
        this.expect(':')
        this.type()
        type.isOpen = true
      } else {
        const name = this.next()
        const isOptional = this.takes('?')
        this.expect(':')
        type.fields.push({ name, doc, isOptional, type: this.type() })
      }
      this.takes(';')
    }
    return type
  }
}

/** A type as JSON Schema; `needs` is told of the types it names. */
function shape(type, needs) {
  if (type.items) return { type: 'array', items: shape(type.items, needs) }
  if (type.literal !== undefined) return { enum: [type.literal] }
  if (type.fields) {
    const { fields, isOpen } = type
    return {
      type: 'object',
      properties: Object.fromEntries(
        fields.map((field) => [
          field.name,
          { ...describe(field.doc), ...shape(field.type, needs) },
        ]),
      ),
      required: fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
      additionalProperties: isOpen,
    }
  }
  if (type.any) return union(type.any, needs)
  if (['string', 'number', 'boolean', 'null'].includes(type.name)) return { type: type.name }
  needs(type.name)
  return { $ref: `#/$defs/${type.name}` }
}

function union(any, needs) {
  const literals = any.flatMap(({ literal }) => (literal === undefined ? [] : [literal]))
  const others = any.filter(({ literal, open }) => literal === undefined && !open)
  const isOpen = any.some(({ open }) => open)
  // Whatever isn't a known name now may be one tomorrow.
  if (isOpen && others.length === 0) return { type: 'string', examples: literals }
  const parts = others.map((one) => shape(one, needs))
  if (literals.length > 0) {
    const nullable = parts.length === 1 && parts[0].type === 'null'
    if (parts.length === 0 || nullable) return { enum: nullable ? [...literals, null] : literals }
    parts.push({ enum: literals })
  }
  const simple = parts.every((part) => Object.keys(part).join() === 'type')
  return simple ? { type: parts.map((part) => part.type) } : { anyOf: parts }
}

/** A comment as one line. */
function describe(doc) {
  const text = doc
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\{@link ([^}]+)\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  return text ? { description: text } : {}
}

/** The text of the file. */
export const text = () => `${JSON.stringify(schema(), null, 2)}\n`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('./report-1.json', import.meta.url), text())
}
