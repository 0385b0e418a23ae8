// The types of the matchers, with each way to get an `expect`, and without an installed runner.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runProgram, write } from './project.mjs'

const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))

/** Lines that must compile, and lines that must not. */
const body = `
import { scanNodeModules } from 'abi-guard'

expect('a.node').toBeLoadable()
expect('a.node').not.toBeLoadable('electron@31')
expect({ href: 'file:///a.node' }).toBeLoadable({ runtime: 'node', version: '22' })
expect('sharp').toBeLoadable({ target: 'node@22', threads: true })
expect('.').toHaveLoadableAddons()
expect(scanNodeModules()).not.toHaveLoadableAddons({ production: true })
export const later: Promise<void> = expect(Promise.resolve('a.node')).resolves.toBeLoadable()
export const now: void = expect('a.node').toBeLoadable()
expect({ file: 'a.node' }).toEqual({ file: expect.toBeLoadable() })
expect({ file: 'a.node' }).toEqual({ file: expect.not.toBeLoadable('node@22') })
// @ts-expect-error a runtime isn't named by a number
expect('a.node').toBeLoadable(22)
// @ts-expect-error there is no such option
expect('a.node').toBeLoadable({ thread: true })
// @ts-expect-error patterns come as an array
expect('.').toHaveLoadableAddons({ include: 'sharp' })
// @ts-expect-error there is no such matcher
expect('.').toHaveLoadableAddon()
`

const setup = `import globalSetup, { globalSetup as named } from 'abi-guard/global-setup'
globalSetup({}, {})
named()
`

const config = (types, more) => ({
  compilerOptions: {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022', 'dom', 'esnext.disposable'],
    types,
    strict: true,
    noEmit: true,
    ...more,
  },
})

/** @param {() => { first: object }} projects the projects of the matchers' suite */
export function types(projects) {
  for (const [name, project, types, files] of [
    ['@types/jest', 'first', ['jest'], { 'a.ts': `import 'abi-guard/jest'\n${body}` }],
    [
      '@jest/globals',
      'first',
      [],
      { 'a.mts': `import { expect } from '@jest/globals'\nimport 'abi-guard/jest'\n${body}` },
    ],
    [
      'Vitest 3',
      'first',
      [],
      { 'a.mts': `import { expect } from 'vitest'\nimport 'abi-guard/vitest'\n${body}` },
    ],
    [
      'Vitest 5',
      'second',
      [],
      { 'a.mts': `import { expect } from 'vitest'\nimport 'abi-guard/vitest'\n${body}` },
    ],
  ]) {
    test(`the types of the matchers are compatible with those of ${name}`, async () => {
      const cwd = projects()[project].place({
        'package.json': { name: 'app' },
        // The types of the runners need other types that aren't installed here.
        'tsconfig.json': { ...config(types, { skipLibCheck: true }), files: Object.keys(files) },
        ...files,
      })
      const { code, output } = await runProgram(undefined, [compiler, '-p', cwd], { cwd })
      assert.equal(code, 0, output)
    })
  }

  test('the types compile without an installed runner, and with skipLibCheck off', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'abi-guard-types-'))
    try {
      const files = {
        'a.ts': `import 'abi-guard/jest'\n${setup}`,
        'b.mts': `import 'abi-guard/vitest'\n${setup}`,
        'c.mts': "import { scanNodeModules } from 'abi-guard'\nscanNodeModules()\n",
      }
      const strict = config([], { lib: ['es2022'], exactOptionalPropertyTypes: true })
      write(cwd, { 'tsconfig.json': { ...strict, files: Object.keys(files) }, ...files })
      const from = join(projects().first.folder, 'node_modules', 'abi-guard')
      cpSync(from, join(cwd, 'node_modules', 'abi-guard'), { recursive: true })
      const { code, output } = await runProgram(undefined, [compiler, '-p', cwd], { cwd })
      assert.equal(code, 0, output)
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  })
}
