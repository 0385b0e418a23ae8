// Compares the file that a package's loader opened with abi-guard's result.
import { realpathSync } from 'node:fs'
import { packageFolder } from './own.cjs'

/**
 * Words in the messages of loaders that found no file, or have none for the system. Some loaders
 * then require `undefined`.
 */
const foundNothing =
  /\.node\b|native (?:binding|build|module|addon|library)|bindings? file|pre-?(?:buil[dt]|compiled)|missing binary|can ?not load bindings|received undefined|(?:not|only) (?:supports?|supported|compatible)|unsupported (?:os|platform|arch|system)|optional dependencies/i

/** The reason why the package never searched for its file, or null if it did. */
function notRun({ file, loads, thrown, ended }, { nothing = foundNothing, notBuilt, root }) {
  if (notBuilt) return 'it could not be compiled'
  if (file !== null) return null
  if (!thrown) return ended === 'finished' ? null : `the process ended without a word: ${ended}`
  const message = thrown.message.split('\n')[0].replaceAll(`${root}/`, '')
  if (loads.some(({ message }) => message === thrown.message))
    return `a dependency's addon: ${message}`
  if (thrown.name === 'SyntaxError' || thrown.code === 'ERR_REQUIRE_ESM') return message
  // A path, or the name of a platform package. Any other name is a dependency that is missing.
  const [, missing] = /^Cannot find (?:module|package) '([^']+)'/.exec(message) ?? []
  const isFile = missing !== undefined && /^[./]|linux|darwin|win/.test(missing)
  return nothing.test(thrown.message) || isFile ? null : message
}

/** abi-guard's result: `file` in the form that loaders use, or the reason why there is none. */
export function predict(checkPackage, about, target) {
  try {
    const { loader, active, complete } = checkPackage(about.directory, { target })
    const file = active ? realpathSync(active.file) : null
    return { loader, file, sure: active !== null || complete, outcome: active?.outcome ?? null }
  } catch (error) {
    return { loader: 'exception', file: null, sure: false, exception: error.message }
  }
}

/**
 * @returns {{ verdict: 'ok' | 'differs' | 'not run', reason: string | null }} With `unsure`: both
 *   are null, but abi-guard doesn't know the loader
 */
export function judge(about, real, said) {
  const reason = notRun(real, about)
  if (reason !== null) return { verdict: 'not run', reason }
  if (said.exception || real.file !== said.file)
    return { verdict: 'differs', reason: said.exception ?? null }
  return { verdict: 'ok', reason: null, unsure: !said.sure }
}

/**
 * A short name of a file: relative to its package, with the package's name if that is another
 * package.
 */
export function named(about, file) {
  if (file === null) return 'null'
  const folder = packageFolder(file)
  if (folder === null) return file
  const relative = file.slice(folder.length + 1)
  if (folder === realpathSync(about.directory)) return relative
  return file.slice(file.lastIndexOf('/node_modules/') + '/node_modules/'.length)
}
