// The published JSON Schema, the types and the real output agree: every report is validated against
// the schema and the types.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import Ajv from 'ajv/dist/2020.js'
import {
  auditPackage,
  checkAbi,
  checkPackage,
  explainError,
  formatReport,
  listRuntimes,
  scanNodeModules,
} from '../index.js'
import { declarations, text } from '../schema/generate.mjs'
import { listFiles } from '../scripts/support/corpus/index.mjs'
import { run } from './support/command.mjs'
import { copyOf, project, published, withBindings } from './support/project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const prebuild = join(
  root,
  'node_modules',
  'bufferutil',
  'prebuilds',
  'linux-x64',
  'bufferutil.node',
)
const file = join(root, 'schema', 'report-1.json')
const schema = JSON.parse(readFileSync(file, 'utf8'))
const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true })
ajv.addSchema(schema)
const printed = ajv.getSchema(schema.$id)
const typed = (name) => ajv.getSchema(`${schema.$id}#/$defs/${name}`)

const targets = [
  undefined,
  'node@20.20.2/linux-x64-glibc2.36',
  'node@22/linux-x64-musl',
  'node@22/win32-x64',
  'node@24/darwin-arm64',
  'electron@31/linux-x64-glibc2.28',
  'electron@31/win32-x64',
  'bun@1/linux-x64',
  'deno@2/linux-x64',
  { runtime: 'nw', abi: 115 },
  { abi: 9999 },
]

function isValid(validate, report, what) {
  assert.ok(validate(report), `${what}: ${ajv.errorsText(validate.errors?.slice(0, 5))}`)
}

let addon
before(async () => {
  addon = (await published())('@datadog/pprof', 'prebuilds/linux-x64/dd_pprof.node.abi108.node')
})

const broken = (t) =>
  project(t, {
    'package.json': { name: 'app', 'abi-guard': 3, dependencies: { broken: '1' } },
    'package-lock.json': { lockfileVersion: 3, packages: {} },
    '.nvmrc': '18\n',
    '.node-version': '22\n',
    Dockerfile: 'FROM node\nCOPY . .\n',
    '.pnp.cjs': '',
    ...withBindings('broken', copyOf(addon)),
    'node_modules/broken/binding.gyp': '{}',
    ...withBindings('fine', copyOf(prebuild)),
    ...withBindings('text', 'text'),
  })

test('the schema is up to date with the types (npm run generate:types)', () => {
  assert.equal(readFileSync(file, 'utf8'), text())
})

test('the declarations for TypeScript are up to date', async () => {
  for (const [name, source] of Object.entries(await declarations()))
    assert.equal(readFileSync(join(root, 'types', `${name}.d.ts`), 'utf8'), source, name)
})

test('the schema can be resolved by its name, and contains its version', () => {
  const require = createRequire(import.meta.url)
  const { name, exports, files } = require('../package.json')
  assert.deepEqual(require(`${name}/schema/report-1.json`), schema)
  assert.ok(exports['./schema/report-1.json'] && files.includes('schema/report-1.json'))
  assert.match(schema.$id, /\/report-1\.json$/)
})

describe('the schema accepts the reports of', () => {
  test('every addon of the small corpus, for each target', () => {
    const seen = new Set()
    for (const { file } of listFiles('small')) {
      for (const target of targets) {
        const report = checkAbi(file, { target })
        isValid(typed('AbiReport'), report, file)
        seen.add(report.outcome)
      }
    }
    assert.deepEqual([...seen].sort(), ['crashes', 'loads', 'throws', 'unknown'])
  })

  test('projects, packages and their authors', (t) => {
    const folder = broken(t)
    for (const directory of [folder, root]) {
      for (const target of targets) {
        const report = scanNodeModules(directory, { target })
        isValid(typed('ScanReport'), report, directory)
        isValid(printed, JSON.parse(formatReport(report, 'json')), directory)
        for (const { path } of report.packages) {
          isValid(typed('PackageReport'), checkPackage(path, { target }), path)
          isValid(typed('AuditReport'), auditPackage(path), path)
        }
      }
    }
  })

  test('errors, and the table of runtimes', (t) => {
    const from = broken(t)
    const texts = [
      'NODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 115.',
      "Error: Cannot find module '../build/Release/x.node'\nRequire stack:\n- node_modules/broken/index.js",
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by /app/node_modules/broken/x.node)",
      'gyp ERR! stack Error: Could not find any Python installation to use',
    ]
    for (const one of texts) isValid(typed('Explanation'), explainError(one, { from }), one)
    for (const row of listRuntimes()) isValid(typed('RuntimeRelease'), row, row.first)
  })
})

/** The commands, and the TypeScript type of the output of each. */
const commands = [
  ['ScanReport', ['scan']],
  ['ScanReport', ['scan', '--strict', '--production']],
  ['PackageReport', ['check', 'broken']],
  ['AbiReport', ['check', 'node_modules/broken/build/Release/x.node']],
  ['PackageReport[]', ['check', 'broken', 'fine']],
  ['(PackageReport | AbiReport)[]', ['check', 'fine', 'node_modules/broken/build/Release/x.node']],
  ['AuditReport', ['audit', 'node_modules/broken']],
  [
    'Explanation[]',
    [
      'explain',
      'Error: broken: NODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 115.',
    ],
  ],
  ['Explanation[]', ['explain', 'nothing that is known']],
  ['DoctorReport', ['doctor']],
  [
    'MatrixReport',
    ['matrix', '--target', 'node@18', '--target', 'node@22', '--target', 'electron@31'],
  ],
  ['RuntimeRelease[]', ['runtimes']],
  ['RuntimeRelease[]', ['runtimes', 'electron']],
  ['string', ['key']],
]

test('the output of every command is valid, and has its TypeScript type', async (t) => {
  const cwd = broken(t)
  const names = [...new Set(commands.flatMap(([type]) => type.match(/[A-Z]\w+/g) ?? []))]
  const code = [
    `import type { ${names.join(', ')} } from ${JSON.stringify(join(root, 'index.js'))}`,
  ]
  for (const [type, args] of commands) {
    const { out, err } = await run([...args, '--json'], { cwd })
    assert.equal(err, '', args.join(' '))
    const report = JSON.parse(out)
    isValid(printed, report, args.join(' '))
    code.push(`export const _${code.length}: ${type} = ${JSON.stringify(report)}`)
  }
  // For a literal, the compiler reports fields that the type doesn't have, and missing fields.
  const options = {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2022',
    types: [],
    skipLibCheck: false,
  }
  const folder = project(t, {
    'tsconfig.json': { compilerOptions: options, files: ['reports.mts', 'wrong.mts'] },
    'reports.mts': code.join('\n'),
  })
  const [first] = code
  const wrong = code.find((line) => line.includes(': AuditReport ='))
  writeFileSync(
    join(folder, 'wrong.mts'),
    [first, '// @ts-expect-error one field more', wrong.replace('"ok":', '"more":1,"ok":')].join(
      '\n',
    ),
  )
  execFileSync(
    process.execPath,
    [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
})

/** Every object in a value, with its path. */
function* objectsIn(value, path = []) {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value)) yield { object: value, path }
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, [...path, key])
}

test('an additional or a missing field is not valid, anywhere in a report', async (t) => {
  const cwd = broken(t)
  let tried = 0
  for (const [type, args] of commands.filter(([type]) => /^\w+Report$/.test(type))) {
    const report = JSON.parse((await run([...args, '--json'], { cwd })).out)
    const validate = typed(type)
    for (const { object, path } of objectsIn(report)) {
      const what = `${type} ${path.join('.')}`
      object.more = 1
      assert.ok(!validate(report), `${what} with a field more`)
      delete object.more
      for (const [key, value] of Object.entries(object)) {
        // Optional fields: slices of a universal file, packages by system.
        if (key === 'slices' || path.at(-1) === 'packages') continue
        delete object[key]
        assert.ok(!validate(report), `${what} without ${key}`)
        object[key] = value
        tried += 1
      }
    }
    isValid(validate, report, type)
  }
  assert.ok(tried > 300, `${tried}`)
})
