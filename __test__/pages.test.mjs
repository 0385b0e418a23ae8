// Each command of README.md and docs/ is typed from the text of the page, or the page says that no
// test runs it. Blocks in other languages are parsed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { byHand, fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compiler } from './fixtures/compile.mjs'
import { blocksOf, pages, textOf } from './pages/blocks.mjs'
import { codesOf, projects, table, ways } from './pages/codes.mjs'
import { runs as commands } from './pages/commands.mjs'
import { orderOfHooks, runs as installed } from './pages/installed.mjs'
import { builds, launchers } from './pages/servers.mjs'
import { callsIn, mustBeKnown, parsers } from './pages/syntax.mjs'
import { typist } from './pages/type.mjs'

const blocks = pages.flatMap(blocksOf)
const typed = blocks.filter(({ key }) => key)

/** Blocks that another test file types, with a part of its text that finds them. */
const ELSEWHERE = {
  'docs/shipping.md#npm': 'shipping.test.mjs',
  'docs/shipping.md#pnpm': 'shipping.test.mjs',
  'docs/shipping.md#yarn-4': 'shipping.test.mjs',
  'docs/shipping.md#bun': 'shipping.test.mjs',
}

const all = { ...commands, ...installed, ...launchers, ...builds }

/** Why a block isn't typed in this lane. */
const laneOf = (key) =>
  (key in installed && !isLinuxX64 && 'the package managers are for linux-x64') ||
  (key in builds && byHand) ||
  ((key in installed || key in launchers) && fullLane)

test('every block of commands is typed by a test, or its page says that it isn’t', () => {
  const keys = typed.filter(({ isMarked }) => !isMarked).map(({ key }) => key)
  assert.deepEqual(keys.toSorted(), [...Object.keys(all), ...Object.keys(ELSEWHERE)].toSorted())
  for (const [key, file] of Object.entries(ELSEWHERE)) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8')
    assert.ok(text.includes(`../${key.split('#')[0]}`), `${file} reads ${key}`)
  }
})

test('every block has a language that a parser accepts', {
  skip: process.platform === 'win32',
}, () => {
  for (const { page, line, language, text } of blocks) {
    const place = `${page}:${line}`
    assert.ok(language in parsers, `${place}: a parser for "${language}"`)
    assert.doesNotThrow(() => parsers[language](text), place)
  }
})

test('the parsers reject what is wrong', () => {
  const wrong = {
    sh: 'if true',
    console: 'abi-guard',
    json: '{ "a": }',
    yaml: 'a: [1',
    js: 'export default { a: }',
    ini: 'ExecStart',
    dockerfile: 'FORM node:22',
  }
  for (const [language, text] of Object.entries(wrong))
    assert.throws(() => parsers[language](text), undefined, language)
  assert.deepEqual(callsIn('`npx abi-guard fix --yse`, `abi-guard/register`'), [['fix', '--yse']])
  for (const words of [['fix', '--yse'], ['scna'], ['scan', '--fail-on', 'error']])
    assert.throws(() => mustBeKnown(words), /did you mean|no meaning/)
})

test('every command and option of abi-guard that a page names exists', () => {
  const counts = pages.map((page) => {
    const calls = callsIn(textOf(page))
    for (const words of calls)
      assert.doesNotThrow(() => mustBeKnown(words), `${page}: ${words.join(' ')}`)
    return calls.length
  })
  assert.ok(counts.reduce((sum, count) => sum + count) > 80)
})

const skip = (process.platform === 'win32' || !compiler()) && 'needs gcc and a shell'

describe('the commands of', {
  skip,
  concurrency: 2,
}, () => {
  for (const block of typed)
    if (all[block.key])
      test(block.key, { skip: laneOf(block.key) }, async (t) => {
        const typing = typist(block)
        await all[block.key](typing, block, t)
        typing.done()
      })
})

describe('the order of hooks in docs/monorepos.md with', {
  skip: (!isLinuxX64 && 'the package managers are for linux-x64') || fullLane,
  concurrency: 2,
}, () => {
  const managers = ['npm10', 'npm11', 'npm12', 'pnpm10', 'pnpm11', 'pnpm12', 'yarn4', 'bun']
  for (const manager of managers)
    test(manager, async (t) => {
      const order = await orderOfHooks(t, manager)
      const isCertain = /^npm|bun/.test(manager)
      if (isCertain) assert.equal(order, 'app root')
      else assert.match(order, /^(root app|app root)$/)
    })
})

/** action.test.mjs and runners.test.mjs try these. */
const ELSEWHERE_TRIED = [
  '[the action](ci.md)',
  '[the global setup](testing.md)',
  '[the matchers](testing.md)',
]

describe('the exit codes in docs/errors.md of', { skip, concurrency: 2 }, () => {
  for (const { way, cells } of table()) {
    if (ELSEWHERE_TRIED.includes(way)) continue
    test(way, async () => {
      const all = await projects()
      for (const state of ['fine', 'warning', 'error', 'unknown', 'wrong'])
        for (const { option, code } of codesOf(cells[state])) {
          if (way === '`check`' && state === 'warning') continue
          const options = option.split(' ').filter(Boolean)
          const found = await ways[way](state, all[state] ?? all.fine, options)
          assert.equal(found, code, `${state} ${option}`)
        }
    })
  }
})
