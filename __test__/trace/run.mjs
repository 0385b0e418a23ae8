// Requires a package in a real Node.js and returns the files that it passed to process.dlopen.
import { closeSync, existsSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runAlone } from '../support/alone.mjs'
import { shortHash, temporaryFolder, writeWhole } from '../../scripts/support/cache.mjs'

const preload = fileURLToPath(new URL('./record.cjs', import.meta.url))

/** The main script of a project that uses the package like its users. */
export function script({ name, entry = 'require', use = '' }) {
  const it = entry === 'import' ? `await import('${name}')` : `require('${name}')`
  return `(async () => {
  const it = ${it}
  ${use}
})().then(
  () => process.emit('abi-guard:done'),
  (error) => process.emit('abi-guard:thrown', error),
).then(() => process.exit(0))
`
}

/**
 * @param {object} about a package of groups.mjs
 * @param {string} execPath the Node.js
 * @param {string} [system] the description of a faked system, which systems.mjs writes
 * @returns {Promise<{ files: string[], own: string[], first: string | null, file: string | null,
 *   outcome: 'loads' | 'throws' | 'crashes' | null, thrown: object | null, ended: string, loads:
 *   object[] }>} `files`: all in order; `own`: those of the package or of one of its platform
 *   packages; `first`: the first of them; `file`: the first that loads, or `first` if none does;
 *   `outcome`: its result
 */
export async function trace(about, execPath, system) {
  const folder = temporaryFolder()
  try {
    const text = script(about)
    const main = join(about.root, `main-${shortHash(text)}.cjs`)
    if (!existsSync(main)) writeWhole(main, text)
    const log = join(folder, 'log')
    const ended = await run(
      execPath,
      ['--require', preload, ...(about.flags ?? []), main],
      about.root,
      folder,
      {
        ...about.env,
        ABI_GUARD_TRACE: log,
        ABI_GUARD_PACKAGE: realpathSync(about.directory),
        ...(system && { ABI_GUARD_SYSTEM: system }),
      },
    )
    return resultOf(log, ended)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * What the log of record.cjs says. @param {string} ended the way in which the process ended
 */
export function resultOf(log, ended) {
  const entries = lines(log)
  const files = entries.filter(({ file }) => file)
  const own = [...new Set(files.filter(({ own }) => own).map(({ file }) => file))]
  const [first = null] = own
  const isLoaded = (one) => entries.some(({ loaded }) => loaded === one)
  const file = own.find(isLoaded) ?? first
  const isRefused = entries.some(({ failed }) => file !== null && failed === file)
  const thrown = entries.find(({ thrown }) => thrown)?.thrown ?? null
  const finished = thrown !== null || entries.some(({ done }) => done)
  return {
    files: files.map(({ file }) => file),
    own,
    first,
    file,
    outcome: file === null ? null : isLoaded(file) ? 'loads' : isRefused ? 'throws' : 'crashes',
    thrown,
    ended: finished ? 'finished' : ended,
    loads: entries.filter(({ loaded, failed }) => loaded || failed),
  }
}

function lines(file) {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line))
}

/** Resolves with the way in which the process ended, as in 'exit 0', 'SIGSEGV' or 'timeout'. */
export async function run(execPath, args, cwd, home, env) {
  const output = openSync(join(home, 'output'), 'w')
  const ending = runAlone(execPath, args, { cwd, home, env, output })
  closeSync(output)
  const { exitCode, signal, timedOut } = await ending
  return timedOut ? 'timeout' : (signal ?? `exit ${exitCode}`)
}
