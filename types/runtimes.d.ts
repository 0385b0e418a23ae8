// Who would load an addon, and how it is named.

/** A path, or a `file:` URL (an instance of `URL` fits). */
export type PathLike = string | { readonly href: string }

/**
 * The runtimes that are known. NW.js registers no ABI since 0.27, so it is best named with an
 * explicit `abi`.
 */
export type RuntimeName = 'node' | 'electron' | 'bun' | 'deno' | 'nw'

/**
 * Names a runtime.
 *
 * As a string: `'node@22'`, `'node@22.11.0'`, `'electron@31'`, `'bun'`, `'deno@2'`, each with an
 * optional system: `'node@22/linux-x64-musl'`, `'electron@31/win32-arm64'`,
 * `'node@22/linux-x64-glibc2.28'`. A partial version is the newest release of that line that is
 * known; without a version it is this process's, or the newest one known. A system that isn't named
 * is this one's.
 *
 * As an object: the same in fields. `null` and `undefined` mean "not given", so that a report's
 * `target` can be passed back.
 */
export type RuntimeSpec = string | RuntimeFields

/** A {@link RuntimeSpec} in fields; what is absent is looked up, or taken from this process. */
export interface RuntimeFields {
  /** Which runtime; default: the one of this process. */
  runtime?: RuntimeName | null | undefined
  /** `'22'`, `'22.11'` or `'22.11.0'`. */
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
  /** Path of a runtime's executable: what isn't given is read from it. It is not run. */
  execPath?: string | null | undefined
  /**
   * `'22'` or `'22.11'`: other releases of that line may be meant, too. The same as a partial
   * `version`, beside an exact one: so a report's `target` says it.
   */
  line?: string | null | undefined
}

/** A runtime that would load an addon, on one system. */
export interface Runtime {
  /** Which runtime. */
  runtime: RuntimeName
  /** Its release, as in `'22.11.0'`; `null` when only its ABI is known. */
  version: string | null
  /** `NODE_MODULE_VERSION`; `null` when it isn't known. */
  abi: number | null
  /** Highest Node-API version it has; `null` when it has none, or it isn't known. */
  nodeApi: number | null
  /** As `process.platform`. */
  platform: string
  /** As `process.arch`. */
  arch: string
  /** Which libc; `null` elsewhere than on Linux. */
  libc: 'glibc' | 'musl' | null
  /** Version of that libc; `null` when it isn't known. */
  libcVersion: string | null
  /** Path of its executable; `null` when the runtime was named by its version. */
  execPath: string | null
  /**
   * The line that was named, as in `'22'` or `'22.11'`, of which `version` is the newest release
   * that is known; `null` when an exact release was named.
   */
  line: string | null
}

/** One row of the ABI table: consecutive releases with equal numbers. */
export interface RuntimeRelease {
  /** Which runtime. */
  runtime: RuntimeName
  /** First release of the row; may be a prerelease. */
  first: string
  /** Last release of the row that is known. */
  last: string
  /** `NODE_MODULE_VERSION`; `null` when it isn't known. */
  abi: number | null
  /** Highest Node-API version; `null` when it has none, or it isn't known. */
  nodeApi: number | null
  /** The Node.js inside; `null` for Node.js itself, or when it isn't known. */
  node: string | null
}
