// What the matchers of abi-guard/jest and abi-guard/vitest look like; free of the types of either.

import type { CheckOptions, ScanOptions } from '../index.js'
import type { RuntimeSpec } from './runtimes.js'

/** The matchers; `R` is what a matcher gives back. */
export interface LoadableMatchers<R> {
  /**
   * A `.node` file loads: its path (a string or a `file:` URL). Or the file that a package would
   * load: its folder (absolute, or starting with `.`), or its name as in `require` of the test.
   * What can't be judged passes, unless `strict` is given.
   *
   * Wrong arguments, and what isn't there, throw with and without `.not`.
   *
   * @param target who would load it, or how; default: this process
   * @example
   * expect('build/Release/addon.node').toBeLoadable()
   * expect('better-sqlite3').toBeLoadable('electron@31')
   * expect('better-sqlite3').toBeLoadable({ target: 'node@22', threads: true })
   */
  toBeLoadable(target?: RuntimeSpec | CheckOptions): R
  /**
   * Every addon of a project loads: the path of its folder (a string or a `file:` URL), or the
   * report of a scan, which takes no options.
   *
   * @param options as of `scanNodeModules`, but `target` is this process where they name none
   * @example
   * expect('.').toHaveLoadableAddons({ production: true })
   * expect(await scanNodeModules('.')).toHaveLoadableAddons()
   */
  toHaveLoadableAddons(options?: ScanOptions): R
}

/** The same within `toEqual` and the like, where a matcher stands for a value of any type. */
// biome-ignore lint/suspicious/noExplicitAny: it must fit wherever it is written
export interface AsymmetricLoadableMatchers extends LoadableMatchers<any> {}
