// Produces errors in real runtimes. abi-guard explains each error twice: in the process in which it
// occurred, if that process can run abi-guard, and with the command, from the process's output.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { executable } from '../../scripts/support/matrix/index.mjs'
import { hosts } from '../../scripts/support/matrix/libcs-install.mjs'
import { executableOf } from '../../scripts/support/matrix/others-install.mjs'
import { place } from './addons.mjs'

const guard = fileURLToPath(new URL('../../index.js', import.meta.url))
const cli = fileURLToPath(new URL('../../cli.js', import.meta.url))
const loader = fileURLToPath(new URL('./load.cjs', import.meta.url))

/** Runs a program; returns its output, whatever its exit code. */
export const run = (program, args, settings = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      timeout: 120_000,
      ...settings,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const text = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (part) => (text[stream] += part))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? signal, ...text }))
  })

/** Calls `use(folder)` with a temporary project, and removes the project afterwards. */
export async function inProject(use) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-')))
  try {
    writeFileSync(join(folder, 'package.json'), '{"name":"app","version":"1.0.0","private":true}')
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The command's explanation of a text. */
export function explained(text, cwd) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'explain', '-', '--format', 'json'],
    {
      cwd,
      input: text,
      encoding: 'utf8',
    },
  )
  if (stderr !== '') throw new Error(stderr)
  return JSON.parse(stdout)
}

/** The program that loads the addon, and its first arguments. */
async function runtime({ node = 'this', libc, other, flags = [] }) {
  if (libc) {
    const [kind, version = ''] = libc.split('-')
    const host = (await hosts([kind])).find(({ libcVersion }) => libcVersion.startsWith(version))
    return [...host.prefix, host.execPath, ...flags]
  }
  if (other) {
    const { execPath, flags: usual } = await executableOf(other)
    return [execPath, ...(flags.length > 0 ? flags : usual)]
  }
  return [node === 'this' ? process.execPath : executable(node), ...flags]
}

const canExplain = ({ node = 'this', libc, other, guard: may = true }) =>
  may && !libc && !other && (node === 'this' || Number.parseInt(node, 10) > 16)

/**
 * Makes an addon fail.
 * @returns {Promise<{ stderr: string, file: string, byText: object[], byError: object | null |
 *   undefined }>} `byError` is undefined if the runtime can't run abi-guard
 */
export const fail = (production) =>
  inProject(async (folder) => {
    let file
    try {
      file = await place(production, folder)
      const [program, ...args] = await runtime(production)
      const asks = canExplain(production)
      const { stdout, stderr } = await run(
        program,
        [
          ...args,
          loader,
          production.how ?? 'require',
          what(production, file),
          ...(asks ? [guard] : []),
        ],
        { cwd: folder },
      )
      const byError = asks ? JSON.parse(stdout.split('\n')[0] || '{}').explanation : undefined
      // The texts are first explained in another folder, without facts from the file itself.
      const elsewhere = await inProject((other) =>
        explained(stderr.replaceAll(folder, join(other, 'gone')), other),
      )
      return {
        stderr,
        file: file.slice(folder.length + 1),
        alone: elsewhere,
        byText: explained(stderr, folder),
        byError,
      }
    } finally {
      if (production.noexec) unmount(join(folder, 'node_modules', 'some-addon'))
    }
  })

/**
 * `require` loads the addon through its package. `import` and a second load open the file itself.
 */
const what = ({ how = 'require' }, file) => (how === 'require' ? dirname(file) : file)

function unmount(folder) {
  try {
    execFileSync('umount', [folder], { stdio: 'ignore' })
  } catch {
    // The folder wasn't mounted.
  }
}

/** True if this user may mount a file system. */
export function mayMount() {
  const folder = mkdtempSync(join(tmpdir(), 'abi-guard-'))
  try {
    mkdirSync(folder, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'none', folder], { stdio: 'ignore' })
    unmount(folder)
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The differences between the explanations of a row's error and what the row expects, as texts. */
export function differences(production, { file, alone, byText, byError }) {
  const codes = [production.code].flat()
  const wrong = []
  const expect = (what, holds, found) =>
    holds || wrong.push(`${what}: ${JSON.stringify(found) ?? 'nothing'}`)
  expect('by the text alone', alone[0]?.code === (production.said ?? codes[0]), alone[0])
  expect('by the text', codes.includes(byText[0]?.code), byText[0])
  if (byError !== undefined) expect('by the error', codes.includes(byError?.code), byError)
  if (production.named ?? true) {
    for (const one of [alone[0], byText[0], ...(byError ? [byError] : [])]) {
      expect('the file', one?.file && basename(one.file) === basename(file), one?.file)
    }
  }
  for (const one of [alone[0], byText[0]]) {
    expect('the package', one?.package === (production.package ?? 'some-addon'), one?.package)
  }
  if (production.builtFor)
    expect('built for', byText[0]?.builtFor === production.builtFor, byText[0]?.builtFor)
  return wrong
}
