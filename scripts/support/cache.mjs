// The folder of all downloads and compiled files of the tests: it is outside of the repository, and
// all clones of one user share it.
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

/** A short hash of a content, for names that must change with the content. */
export const shortHash = (content) =>
  createHash('sha256').update(content).digest('hex').slice(0, 16)

/**
 * Creates an empty folder on the same disk as the cache, so that results can be renamed into their
 * place.
 */
export function temporaryFolder() {
  mkdirSync(inCache('tmp'), { recursive: true })
  return mkdtempSync(inCache('tmp', `${process.pid}-`))
}

/**
 * Creates `target` (a folder or a file) completely or not at all: `fill(temp, work)` creates it
 * under a temporary name, and a rename puts it in place; `work` is an empty folder that is removed
 * afterwards. An existing target is never created again, so its name must contain everything on
 * which its content depends. Two processes may do the same at once: the second rename fails, and
 * the result of the first remains.
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

/** Replaces a file in one step, so that no process can read half of it. */
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

/**
 * A folder of one part of the cache. It is created once; `pin` is everything on which its content
 * depends, and a part of its name.
 */
export function pinned(room, name, pin, fill) {
  return once(inCache(room, `${name}-${shortHash(JSON.stringify(pin)).slice(0, 8)}`), fill)
}
