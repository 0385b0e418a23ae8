// The table of exit codes in docs/errors.md: each cell is tried.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { write } from '../layouts/installed.mjs'
import { addonOf, writePackage } from '../support/addons.mjs'
import { app, checkout, node } from '../support/apps.mjs'
import { textOf } from './blocks.mjs'

const COLUMNS = ['fine', 'warning', 'error', 'unknown', 'wrong', 'interrupted']

/** The rows of the table: its ways in, with the text of each column. */
export function table() {
  const section = textOf('docs/errors.md').split('## Exit codes\n')[1]
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.map((row) => {
    const [way, ...cells] = row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
    return { way, cells: Object.fromEntries(COLUMNS.map((name, index) => [name, cells[index]])) }
  })
}

/** Words of a cell, as the exit codes of a process that does only this. */
const MEANINGS = { returns: 0, throws: 1 }

/** The codes of a cell: `1; \`--warn\`: 0` has one without an option and one with it. */
export function codesOf(cell) {
  const codes = cell.split('; ').map((text) => {
    const [, option = '', word] = /^(?:`([^`]+)`: )?(\d+|returns|throws|$)/.exec(text)
    return { option, code: word === '' ? undefined : (MEANINGS[word] ?? Number(word)) }
  })
  return codes.filter(({ code }) => code !== undefined)
}

/** A package whose script is too long to be read, with two files. */
async function hide(home) {
  write(home, {
    'index.js': `//${'x'.repeat(1 << 20)}\nmodule.exports = require('./some/a.node')\n`,
  })
  rmSync(join(home, 'build'), { recursive: true })
  mkdirSync(join(home, 'some'))
  copyFileSync(await addonOf('fine'), join(home, 'some', 'a.node'))
  copyFileSync(await addonOf('throws'), join(home, 'some', 'b.node'))
}

/** The projects of the columns. */
export async function projects() {
  const optional = { optionalDependencies: { 'native-throws': '1' }, dependencies: {} }
  const all = {
    fine: await app(['fine'], "console.log('ran')"),
    warning: await app(['throws'], "console.log('ran')", { manifest: optional }),
    error: await app(['throws'], "console.log('ran')"),
    unknown: await app(['fine'], "console.log('ran')"),
  }
  await hide(join(all.unknown, 'node_modules/native-fine'))
  // A pin that npm doesn't know is a warning of the doctor.
  writeFileSync(join(all.warning, '.nvmrc'), '20\n')
  writeFileSync(join(all.warning, '.node-version'), '22\n')
  return all
}

const command = (args, cwd, env) =>
  node([join(checkout, 'cli.js'), ...args], { cwd, env }).then(({ code }) => code)

const TEXT = {
  fine: 'nothing',
  error: "Error: /lib/libc.so.6: version `GLIBC_2.38' not found (required by /x.node)",
}

const plain = (name) => (state, cwd, options) => {
  const extra = state === 'wrong' ? ['--no-such-option'] : []
  return command([name, ...options, ...extra], cwd)
}

/** Runs a way in, in a state; returns its exit code. */
export const ways = {
  '`scan`': plain('scan'),
  '`check`': (state, cwd, options) => {
    const names = { fine: 'native-fine', error: 'native-throws', unknown: 'native-fine' }
    return command(['check', names[state] ?? './nowhere', ...options], cwd)
  },
  '`audit`': async (state, cwd) => {
    if (state === 'wrong') return command(['audit', './nowhere'], cwd)
    const home = join(cwd, 'audited')
    await writePackage(home, 'fine')
    if (state !== 'fine') {
      const folder = state === 'error' ? 'prebuilds/darwin-arm64' : 'elsewhere'
      write(home, { [`${folder}/.keep`]: '' })
      const built = join(home, 'build/Release/addon.node')
      copyFileSync(built, join(home, folder, 'addon.node'))
    }
    return command(['audit', home], cwd)
  },
  '`matrix`': (state, cwd, options) => {
    const target = `node@${process.versions.node}`
    const extra = state === 'wrong' ? ['--no-such-option'] : []
    return command(['matrix', '--target', target, ...options, ...extra], cwd)
  },
  '`doctor`': plain('doctor'),
  '`fix`': (state, cwd) => plain('fix')(state, cwd, ['--yes']),
  '`explain`': (state, cwd) =>
    command(['explain', ...(state === 'wrong' ? ['--no-such-option'] : [TEXT[state]])], cwd),
  '`key`, `runtimes`, `completion`': async (state, cwd) => {
    const extra = state === 'wrong' ? ['--no-such-option'] : []
    const words = [['key'], ['runtimes'], ['completion', 'bash']]
    const codes = await Promise.all(words.map((one) => command([...one, ...extra], cwd)))
    assert.equal(new Set(codes).size, 1)
    return codes[0]
  },
  '[the hook](postinstall.md)': (state, cwd, options) => {
    const env = { npm_lifecycle_event: 'postinstall', npm_config_user_agent: 'npm/10.9.9' }
    const extra = state === 'wrong' ? ['--no-such-option'] : []
    return command(extra, cwd, { ...env, INIT_CWD: cwd, ...variable(options) })
  },
  '[`abi-guard/register`](startup.md)': async (state, cwd, options) => {
    const env = state === 'wrong' ? { ABI_GUARD: 'nonsense' } : variable(options)
    const args = ['-r', 'abi-guard/register', 'main.js']
    const { code, stdout, stderr } = await node(args, { cwd, env })
    assert.equal(stdout, code === 0 ? 'ran\n' : '')
    if (state === 'wrong') assert.match(stderr, /^abi-guard: ABI_GUARD is "nonsense".*\n$/)
    return code
  },
  '`assertNodeModules()`': async (state, cwd, options) => {
    const wanted = state === 'wrong' ? "'.', { noSuchOption: 1 }" : ''
    const code = `require('abi-guard').assertNodeModules(${wanted})`
    return (await node(['-e', code], { cwd, env: variable(options) })).code
  },
}

/** `ABI_GUARD=warn` as an environment. */
function variable([text]) {
  return text ? Object.fromEntries([text.split('=')]) : {}
}
