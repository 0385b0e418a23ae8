// Tells the loader's verdict from what the addon itself did once the loader had let it in. An addon
// whose own initialiser throws or aborts was loaded; but that is believed only with evidence for
// each single pair, never because we disagree.
import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shortHash, temporaryFolder } from '../../scripts/support/cache.mjs'
import { probe } from './load.mjs'

// Every text that Node's DLOpen, glibc's or musl's loader gives. An error with one of these is the
// loader's.
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

/** An error that no loader makes was thrown by the addon, so the loader had finished. Gives the evidence, or null. */
export function ownError({ outcome, code, name, message }) {
  if (outcome !== 'throws' || code === 'ERR_DLOPEN_FAILED' || code === 'ERR_DLOPEN_DISABLED')
    return null
  if (loaderTexts.some((text) => text.test(message ?? ''))) return null
  return `the addon threw ${name}${code ? ` (${code})` : ''}: ${message}`
}

/** Deaths that are a loader's doing whatever the stack looks like. */
function loaderDeath({ signal, stderr }) {
  if (/symbol lookup error|Inconsistency detected by ld\.so|Error relocating/.test(stderr))
    return true
  return signal === 'SIGBUS' // a page that the truncated file doesn't have
}

/** Evidence gathered by other rules than these is not taken from an earlier run. */
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
 * Runs the load again under gdb and looks at the stack of the death: a frame of the addon inside of
 * the frame of Node's DLOpen shows that the loader had called the addon (its register function, or
 * a constructor of it during dlopen).
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

// gdb breaks no lines, but a signature holds enough of V8's templates to drown the report.
const framesOf = (output) =>
  output
    .split('\n')
    .filter((line) => /^#\d+ /.test(line))
    .map((line) => {
      const from = / from (.*)$/.exec(line)?.[0] ?? ''
      return line.slice(0, line.length - from.length).slice(0, 140) + from
    })
