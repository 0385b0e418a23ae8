// How runtimes and paths are named.

import type { RuntimeName } from './reports.js'

/** A path, or a `file:` URL (an instance of `URL` fits). */
export type PathLike = string | { readonly href: string }

/**
 * Names a runtime.
 *
 * As a string: `'node@22'`, `'node@22.11.0'`, `'node@lts'`, `'electron@latest'`, `'bun'`, each
 * with an optional system: `'node@22/linux-x64-musl'`, `'electron@31/win32-arm64'`,
 * `'node@22/linux-x64-glibc2.28'`, `'node@22/debian12'`; or the name of an image or of a runtime of
 * AWS Lambda: `'node:22-alpine'`, `'lambda/nodejs22'`. docs/targets.md has all of them. A partial
 * version is the newest release of that line that is known; without a version it is this process's,
 * or the newest one known. A system that isn't named is this one's.
 *
 * As an object: the same in fields. `null` and `undefined` mean "not given", so that a report's
 * `target` can be passed back.
 */
export type RuntimeSpec = string | RuntimeFields

/** A {@link RuntimeSpec} in fields; what is absent is looked up, or taken from this process. */
export interface RuntimeFields {
  /** Which runtime; default: the one of this process. */
  runtime?: RuntimeName | null | undefined
  /** `'22'`, `'22.11'`, `'22.11.0'`, `'latest'`; of Node.js also `'lts'` and `'jod'`. */
  version?: string | null | undefined
  /** `NODE_MODULE_VERSION`; default: that of the version. */
  abi?: number | null | undefined
  /** Highest Node-API version it has; default: that of the version. */
  nodeApi?: number | null | undefined
  /** As `process.platform`. */
  platform?: string | null | undefined
  /** As `process.arch`. */
  arch?: string | null | undefined
  /** Which libc, on Linux. */
  libc?: 'glibc' | 'musl' | null | undefined
  /** Version of that libc, as in `'2.36'`. */
  libcVersion?: string | null | undefined
  /** A distribution of Linux, as in `'debian12'`: it has that one's libc. */
  distribution?: string | null | undefined
  /** Path of a runtime's executable: what isn't given is read from it. It is not run. */
  execPath?: string | null | undefined
  /**
   * `'22'` or `'22.11'`: other releases of that line may be meant, too. The same as a partial
   * `version`, beside an exact one: so a report's `target` says it.
   */
  line?: string | null | undefined
}
