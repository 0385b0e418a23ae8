// Starts the processes that are measured.
import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * The environment without variables that change what a Node.js or the guard does: those of npm,
 * which runs the bench, and those of the user.
 */
export const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|ABI_GUARD)/i.test(name)),
)

/**
 * The wall time of a whole process, in milliseconds. A process that fails isn't a measurement.
 * @param {Record<string, string>} [env] added to the environment
 */
export function timeProcess(program, args, env = {}) {
  const start = process.hrtime.bigint()
  const { status, signal, error } = spawnSync(program, args, {
    stdio: 'ignore',
    env: { ...environment, ...env },
  })
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  if (error || status !== 0)
    throw new Error(
      `${program} ${args.join(' ')}: ${error?.message ?? `ended with ${signal ?? status}`}`,
    )
  return milliseconds
}

/**
 * Runs a script of the folder children/ in a fresh Node.js.
 * @returns {any} the JSON that it prints
 */
export function runChild(script, args, env = {}) {
  const file = fileURLToPath(new URL(`children/${script}`, import.meta.url))
  const text = execFileSync(process.execPath, [file, ...args], {
    encoding: 'utf8',
    env: { ...environment, ...env },
    maxBuffer: 64 << 20,
  })
  return JSON.parse(text)
}
