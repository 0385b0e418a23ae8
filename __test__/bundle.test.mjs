// lib/start.generated.js is what the sources give, and nothing that it contains is loaded again.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { bundle, bundled, file } from '../scripts/bundle.mjs'

const text = readFileSync(file, 'utf8')

test('the generated file equals the bundle of the sources', async () => {
  assert.ok(text === (await bundle()), 'run "npm run bundle" and commit lib/start.generated.js')
})

test('it contains exactly the files that are listed', () => {
  const contained = [...text.matchAll(/^\/\/ lib\/(\S+)$/gm)].map(([, name]) => name)
  assert.deepEqual(contained.sort(), bundled.toSorted())
})

test('it loads only files that exist, and none of those that it contains', () => {
  const paths = [...text.matchAll(/\brequire\("(\.[^"]+)"\)/g)].map(([, path]) => path)
  assert.ok(paths.length > 10)
  for (const path of paths) {
    assert.ok(existsSync(join(dirname(file), path)), path)
    assert.ok(!bundled.includes(path.slice('./'.length)), path)
  }
})
