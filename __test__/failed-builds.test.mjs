// A rebuild that a text shows failing is not advised again.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { explainError } from '../index.js'

const file = (name) => `/elsewhere/node_modules/${name}/build/Release/a.node`
const mismatch = (name) =>
  `Error: The module '${file(name)}'
was compiled against a different Node.js version using
NODE_MODULE_VERSION 127. This version of Node.js requires
NODE_MODULE_VERSION 137. Please try re-compiling or re-installing
the module (for instance, using \`npm rebuild\` or \`npm install\`).`

/** What the build of the package `name` prints when it fails, and when another one does. */
const builds = {
  npm: (name) => `npm error path /elsewhere/node_modules/${name}
npm error command failed
npm error command sh -c node build.js`,
  'node-gyp': (name) => `gyp ERR! cwd /elsewhere/node_modules/${name}
gyp ERR! node -v v24.1.0
gyp ERR! not ok`,
  pnpm: (name) => `.../node_modules/${name} install$ node build.js
.../node_modules/${name} install: Failed`,
  'Yarn 1': (name) => `error /elsewhere/node_modules/${name}: Command failed.
Exit code: 3`,
  'Yarn 4': (name) => `➤ YN0009: │ ${name}@npm:1.0.0 couldn't be built successfully (exit code 3)`,
  Bun: (name) => `error: install script from "${name}" exited with 3`,
}

suite('after a failed build', () => {
  for (const [by, output] of Object.entries(builds))
    test(`by ${by}, no rebuild is advised`, () => {
      for (const text of [
        `${output('tiny-addon')}\n${mismatch('tiny-addon')}`,
        `${mismatch('tiny-addon')}\n${output('tiny-addon')}`,
      ]) {
        const { code, package: name, fix } = explainError(text)
        assert.deepEqual([code, name], ['abi-mismatch', 'tiny-addon'])
        assert.deepEqual(fix.commands, [], text)
        assert.match(fix.summary, /^Look for the reason why the build of tiny-addon failed/)
      }
      // The build of another package says nothing about this one.
      const { fix } = explainError(`${output('other-addon')}\n${mismatch('tiny-addon')}`)
      assert.match(fix.summary, /Rebuild tiny-addon/)
    })
})
