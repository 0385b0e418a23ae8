// Projects in which test runners run: abi-guard as users install it, the runners beside it, and
// subfolders in which something is broken. All of them are real: the addons are compiled, and the
// judged files are also loaded.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compile } from '../fixtures/compile.mjs'
import { installedProject } from '../support/packed.mjs'
import { installedRunners } from './install.mjs'

const suite = (name) => readFileSync(new URL(`./suites/${name}`, import.meta.url), 'utf8')
const abi = Number(process.versions.modules)

/** The first lines of a suite, with the imports for each kind of runner. */
const HEADS = {
  jest: "const abiGuard = require('abi-guard')\n",
  jestGlobals:
    "const { expect, jest, test } = require('@jest/globals')\nrequire('abi-guard/jest')\nconst abiGuard = require('abi-guard')\n",
  jestModule:
    "import { expect, jest, test } from '@jest/globals'\nimport 'abi-guard/jest'\nimport abiGuard from 'abi-guard'\nimport { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\n",
  jsdom: "/** @jest-environment jsdom */\nconst abiGuard = require('abi-guard')\n",
  vitest:
    "import { expect, test, vi as jest } from 'vitest'\nimport abiGuard from 'abi-guard'\nimport { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\n",
  vitestGlobals:
    "import 'abi-guard/vitest'\nimport abiGuard from 'abi-guard'\nimport { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\nconst jest = vi\n",
}

/** A suite of suites/ as a file for a runner. */
export const suiteFor = (head, name) => HEADS[head] + suite(name)

/**
 * The files of a package that loads its one addon and can be compiled again.
 * @param {'good' | 'stale' | 'single'} kind `stale`: built for Node.js 18; `single`: it can be
 *   loaded only once per process
 */
export async function native(name, kind = name) {
  const switches = {
    good: { NAPISYM: true },
    stale: { CTOR: 108, CTX: true },
    single: { CTOR: abi },
  }
  const addon = await compile('x', switches[kind])
  const folder = `node_modules/${name}`
  return {
    [`${folder}/package.json`]: {
      name,
      version: '1.2.3',
      gypfile: true,
      scripts: { install: 'node-gyp rebuild' },
    },
    [`${folder}/binding.gyp`]: "{ 'targets': [{ 'target_name': 'x' }] }",
    [`${folder}/index.js`]: "module.exports = require('./build/Release/x.node')\n",
    [`${folder}/build/Release/x.node`]: readFileSync(addon),
  }
}

/** The files of an app and of the packages on which it depends. */
export async function app({ dependencies = [], devDependencies = [], ...more } = {}) {
  const asked = (names) => Object.fromEntries(names.map((name) => [name, '1']))
  const files = {
    'package.json': {
      name: 'app',
      private: true,
      dependencies: asked(dependencies),
      devDependencies: asked(devDependencies),
      ...more,
    },
    'package-lock.json': { name: 'app', lockfileVersion: 3, packages: {} },
  }
  for (const name of [...dependencies, ...devDependencies]) Object.assign(files, await native(name))
  return files
}

/** Writes files: path → text, bytes, or an object as JSON. */
export function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    const isText = typeof content === 'string' || Buffer.isBuffer(content)
    writeFileSync(path, isText ? content : JSON.stringify(content, null, 2))
  }
}

/** abi-guard and the runners of some of the installations, in one folder. */
export async function runnersProject(...names) {
  const project = await installedProject({ files: { 'package-lock.json': '' } })
  for (const name of names) {
    const from = join(await installedRunners(name), 'node_modules')
    const to = join(project.folder, 'node_modules')
    const record = readFileSync(join(to, '.package-lock.json'))
    const copy = (how) => execFileSync('cp', [how, `${from}/.`, to], { stdio: 'ignore' })
    try {
      // Hard links if both folders are on one disk: no program writes to these files.
      copy('-Rlf')
    } catch {
      copy('-Rf')
    }
    // The file in which npm records its installation must remain that of the project.
    rmSync(join(to, '.package-lock.json'))
    writeFileSync(join(to, '.package-lock.json'), record)
  }
  let count = 0
  return {
    ...project,
    /**
     * Creates a subfolder with these files. Its name is short, so that lines are wrapped at the
     * same places.
     */
    place(files, at = `case${++count}`) {
      const folder = join(project.folder, at)
      write(folder, files)
      return folder
    },
  }
}

/**
 * The environment variables that a runner gets. With others, it would detect the tests or a CI
 * service.
 */
const inherited = /^(PATH|HOME|TMPDIR|LANG|SystemRoot)$/

/**
 * Runs one of the installed programs in a folder.
 * @param {string | undefined} program `jest`, `vitest`, or Node.js itself
 * @param {{ cwd: string, node?: string, env?: object, nodeArgs?: string[] }} how
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runProgram(
  program,
  args,
  { cwd, node = process.execPath, env = {}, nodeArgs = [] },
) {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => inherited.test(name)),
  )
  const file = { jest: 'jest/bin/jest.js', vitest: 'vitest/vitest.mjs' }[program]
  let root = cwd
  while (file && !existsSync(join(root, 'node_modules', file))) root = dirname(root)
  const script = file ? [join(root, 'node_modules', file)] : []
  return new Promise((resolve) => {
    execFile(
      node,
      [...nodeArgs, ...script, ...args],
      {
        cwd,
        env: { ...own, NO_COLOR: '1', CI: '1', ...env },
        timeout: 120_000,
        maxBuffer: 64 << 20,
      },
      (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, output: `${stdout}${stderr}` }),
    )
  })
}
