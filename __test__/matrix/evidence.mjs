// Distinguishes the loader's result from what the addon itself did after the loader had finished.
// An addon whose own initializer throws or aborts was loaded. This requires evidence for each pair;
// disagreement with abi-guard is no evidence.
import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shortHash, temporaryFolder } from '../../scripts/support/cache.mjs'
import { probe } from './load.mjs'

// The texts of all errors of Node's DLOpen, and of glibc's and musl's loaders. An error with one of
// these texts is the loader's.
const loaderTexts = [
  /^Module did not self-register/,
  /was compiled against a different Node\.js version/,
  /^Module version mismatch/,
  /^Module has no declared entry point/,
  /^Loading non context-aware native/,
  /^Cannot load native addon/,
  /requires Node-API version/,
  /: cannot open shared object file/,
  /: invalid ELF header/,
  /: file too short/,
  /undefined symbol/,
  /: version `.*' not found/,
  /: wrong ELF class/,
  /: ELF (file|load command)/,
  /: cannot (read|dynamically|allocate|enable|create|make|change|map)/,
  /: object file has no/,
  /: only ET_DYN/,
  /: CPU ISA level/,
  /cannot be dlopen/,
  /: failed to map/,
  /DT_RELR/,
  /relocation/,
  /: invalid mode/,
  /: symbol not found/,
  /^Error (loading|relocating)/,
  /^Symbol .* not found/,
  /static TLS/,
]

/**
 * If no loader has such an error, the addon threw it, so the loader had finished. Returns the
 * evidence, or null.
 */
export function ownError({ outcome, code, name, message }) {
  if (outcome !== 'throws' || code === 'ERR_DLOPEN_FAILED' || code === 'ERR_DLOPEN_DISABLED')
    return null
  if (loaderTexts.some((text) => text.test(message ?? ''))) return null
  return `the addon threw ${name}${code ? ` (${code})` : ''}: ${message}`
}

/** True if the loader caused the crash, whatever the stack. */
function loaderDeath({ signal, stderr }) {
  if (/symbol lookup error|Inconsistency detected by ld\.so|Error relocating/.test(stderr))
    return true
  return signal === 'SIGBUS' // a page that the truncated file doesn't have
}

/** Evidence that was found by other rules in an earlier run is not reused. */
export const rules = shortHash(readFileSync(fileURLToPath(import.meta.url)))

const gdb = [
  '--batch',
  '-nx',
  '-ex',
  'set pagination off',
  '-ex',
  'set confirm off',
  '-ex',
  'set debuginfod enabled off',
  '-ex',
  'set print frame-arguments none',
  '-ex',
  'set startup-with-shell off',
  '-ex',
  'catch syscall exit_group',
  '-ex',
  'run',
  '-ex',
  'bt 80',
]

/**
 * Runs the load again in gdb and reads the stack of the crash: a frame of the addon above the frame
 * of Node's DLOpen shows that the loader had called the addon (its register function, or a
 * constructor of it during dlopen).
 * @returns {Promise<string | null>} the evidence, or null if there is none
 */
export async function ownDeath(execPath, file, real) {
  if (real.outcome !== 'crashes' || real.timedOut || loaderDeath(real)) return null
  const stack = framesOf(await backtrace(execPath, file))
  const dlopen = stack.findIndex((frame) => /\bnode::(binding::)?DLOpen(Impl)?\b/.test(frame))
  const addon = stack.findIndex((frame) => frame.endsWith(` from ${file}`))
  if (addon < 0 || dlopen < addon) return null
  const how = stack
    .slice(addon, dlopen)
    .some((frame) => /\b(call_init|_dl_init|dl_open_worker)\b/.test(frame))
    ? 'a constructor of the addon, called by dlopen'
    : "the addon's register function, called by Node.js"
  return [
    `died in ${how} (${real.signal ?? `exit code ${real.exitCode}`}):`,
    ...stack.slice(0, dlopen + 1),
  ].join('\n')
}

function backtrace(execPath, file) {
  const folder = temporaryFolder()
  return new Promise((resolve, reject) => {
    const args = [...gdb, '--args', execPath, probe, file, join(folder, 'answer.json')]
    const settings = {
      cwd: folder,
      timeout: 120_000,
      maxBuffer: 16 << 20,
      env: { PATH: process.env.PATH, HOME: folder, LANG: 'C' },
    }
    execFile('gdb', args, settings, (error, stdout) => {
      rmSync(folder, { recursive: true, force: true })
      if (error?.code === 'ENOENT')
        reject(new Error('gdb is needed for evidence about crashes: install it'))
      else resolve(stdout)
    })
  })
}

// gdb doesn't wrap lines, and signatures with V8's templates are too long for the report.
const framesOf = (output) =>
  output
    .split('\n')
    .filter((line) => /^#\d+ /.test(line))
    .map((line) => {
      const from = / from (.*)$/.exec(line)?.[0] ?? ''
      return line.slice(0, line.length - from.length).slice(0, 140) + from
    })
