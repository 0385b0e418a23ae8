// The example runs unchanged, with abi-guard from its tarballs.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runProgram } from './project.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The files below a folder, in the form that `place` of a project accepts. */
function filesOf(folder, below = '') {
  return Object.assign(
    {},
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name)
      const name = `${below}${entry.name}`
      return entry.isDirectory() ? filesOf(path, `${name}/`) : { [name]: readFileSync(path) }
    }),
  )
}

/** @param {() => { first: object }} projects the projects of the matchers' suite */
export function examples(projects) {
  test('examples/jest passes, and fails as its README says', async () => {
    const dependencies = ['bufferutil', 'node-gyp-build'].map((name) =>
      filesOf(join(root, 'node_modules', name), `node_modules/${name}/`),
    )
    const cwd = projects().first.place(
      Object.assign(
        filesOf(join(root, 'examples', 'jest')),
        { 'package-lock.json': '{}' },
        ...dependencies,
      ),
    )
    const { code, output } = await runProgram('jest', [], { cwd })
    assert.equal(code, 0, output)
    assert.match(output, /Tests: +3 passed/)

    writeFileSync(
      join(cwd, 'node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node'),
      'no addon\n',
    )
    const broken = await runProgram('jest', [], { cwd })
    assert.equal(broken.code, 1)
    assert.match(broken.output, /reason: 1 of \d native packages? can't be loaded by Node\.js/)
    assert.match(broken.output, /✖ bufferutil 4\.1\.0\n {2}is text, not a binary\n/)
    assert.match(broken.output, /npm rebuild bufferutil/)
  })
}
