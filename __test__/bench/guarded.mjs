// Starts of an app with the guard and its index.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runChild, timeProcess } from './processes.mjs'

/** The time of a start of a script, in milliseconds. */
export const startBare = (script) => timeProcess(process.execPath, [script])

/** The time of a start of a script with the guard. */
export const startGuarded = (guard, script, env) =>
  timeProcess(process.execPath, ['-r', join(guard, 'register.js'), script], env)

/**
 * Makes the guard write its index into a project. Throws if the next start wouldn't use it:
 * then the rows would measure scans.
 * @param {Record<string, string>} [env] of the measured starts
 */
export async function writeIndex(guard, folder, env) {
  const place = join(folder, 'node_modules', '.cache', 'abi-guard')
  rmSync(place, { recursive: true, force: true })
  // What changed in the last 20 ms isn't put into an index.
  await sleep(50)
  startGuarded(guard, join(folder, 'app.js'), env)
  if (!existsSync(place) || readdirSync(place).length === 0)
    throw new Error(`the first start wrote no index into ${place}`)
  const { isKnown } = runChild('guard.cjs', [guard, folder, 'whole'], env)
  if (!isKnown) throw new Error(`the second start does not use the index in ${place}`)
}
