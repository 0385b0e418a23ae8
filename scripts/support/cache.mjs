// Where everything downloaded or compiled for the tests lives: outside the repository, shared by
// all clones of one user.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

export const cacheFolder =
  process.env.ABI_GUARD_TEST_CACHE ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'abi-guard-test')

/** A path below the cache folder. */
export const inCache = (...parts) => join(cacheFolder, ...parts)

/** A short name for a piece of content; used where a change of the content must give a new name. */
export const shortHash = (content) =>
  createHash('sha256').update(content).digest('hex').slice(0, 16)

/** An empty folder on the same disk as the cache, so that what is made in it can be renamed into its place. */
export function temporaryFolder() {
  mkdirSync(inCache('tmp'), { recursive: true })
  return mkdtempSync(inCache('tmp', `${process.pid}-`))
}

/**
 * Makes `target` (a folder or a file) whole or not at all: `fill(temp, work)` makes it under a
 * temporary name, a rename puts it in place; `work` is an empty folder that goes away afterwards.
 * What is there already is never made again, so a target's name must say all that its content
 * depends on. Two processes may do the same at once: the second rename fails and the first one's
 * work stands.
 */
export async function once(target, fill) {
  if (existsSync(target)) return target
  const folder = temporaryFolder()
  try {
    const [made, work] = [join(folder, 'made'), join(folder, 'work')]
    mkdirSync(work)
    await fill(made, work)
    mkdirSync(dirname(target), { recursive: true })
    try {
      renameSync(made, target)
    } catch (error) {
      if (!existsSync(target)) throw error
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return target
}

/** Replaces a file in one step, so that nobody ever reads half of it. */
export function writeWhole(file, text) {
  mkdirSync(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, text)
  renameSync(temporary, file)
}

/** The JSON in a file, or `fallback` if there is no such file or it isn't JSON. */
export function readJson(file, fallback) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return fallback
  }
}

/** A folder of a room of the cache, made once; its name says all that its content depends on, which is `pin`. */
export function pinned(room, name, pin, fill) {
  return once(inCache(room, `${name}-${shortHash(JSON.stringify(pin)).slice(0, 8)}`), fill)
}
