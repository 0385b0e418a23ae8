// Types the commands of a page into a shell.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { app, checkout } from '../support/apps.mjs'
import { commandsOf } from './blocks.mjs'

/** An app of support/apps.mjs in which `npx abi-guard` finds the checkout's command. */
export async function appWithCommand(kinds, how = {}) {
  const folder = await app(kinds, "console.log('ran')", how)
  linkCommand(folder)
  return folder
}

/** Puts links to the checkout where npm would install abi-guard. */
export function linkCommand(folder) {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  for (const [name, target] of [
    ['abi-guard', checkout],
    ['.bin/abi-guard', '../abi-guard/cli.js'],
  ]) {
    rmSync(join(modules, name), { recursive: true, force: true })
    symlinkSync(target, join(modules, name))
  }
}

/**
 * The typist of a block. Each of its commands must be typed, at least once.
 * @returns {{ count: number, type: (index: number, how?: object) => Promise<{ code: number, out:
 *   string, err: string }>, done(): void }}
 */
export function typist(block) {
  const commands = commandsOf(block)
  const typed = new Set()

  /**
   * Types a command.
   * @param {number} index its place in the block
   * @param {{ cwd?: string, env?: object, path?: string[], input?: string, replace?:
   *   Record<string, string> }} how `path`: more folders for PATH; `replace`: the values of
   *   placeholders in the text
   */
  function type(index, { cwd, env = {}, path = [], input = '', replace = {} } = {}) {
    let text = commands[index]
    for (const [from, to] of Object.entries(replace)) {
      assert.ok(text.includes(from), `${from} is in: ${text}`)
      text = text.replaceAll(from, to)
    }
    typed.add(index)
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|INIT_CWD|NODE_|ABI_GUARD|NO_COLOR|FORCE_COLOR)/.test(name),
    )
    const PATH = [...path, dirname(process.execPath), env.PATH ?? process.env.PATH].join(delimiter)
    const settings = { ...Object.fromEntries(own), npm_config_update_notifier: 'false' }
    return new Promise((resolve) => {
      const how = { cwd, env: { ...settings, ...env, PATH }, maxBuffer: 64 << 20 }
      const child = execFile('sh', ['-ec', text], how, (error, out, err) =>
        resolve({ code: error ? (error.code ?? error.signal) : 0, out, err }),
      )
      child.stdin.on('error', () => {})
      child.stdin.end(input)
    })
  }

  return {
    commands,
    type,
    done: () => assert.deepEqual([...typed].sort(), [...commands.keys()].sort(), 'all are typed'),
  }
}

/** Types each command of a block in one folder, and expects exit code 0. */
export async function typeAll({ commands, type }, how) {
  const results = []
  for (const index of commands.keys()) {
    const result = await type(index, how)
    assert.equal(result.code, 0, `${commands[index]}\n${result.out}${result.err}`)
    results.push(result)
  }
  return results
}

/**
 * Types each command in one folder. Its report must be about the runtime that the pattern of the
 * same place describes, whatever the verdict is.
 */
export async function judging({ commands, type }, patterns, how) {
  assert.equal(patterns.length, commands.length)
  for (const [index, pattern] of patterns.entries()) {
    const { code, out, err } = await type(index, how)
    assert.ok(code === 0 || code === 1, `${commands[index]}\n${err}`)
    assert.equal(err, '')
    assert.match(out.replace(/\s+/g, ' '), pattern, commands[index])
  }
}
