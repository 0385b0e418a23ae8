// The public types of abi-guard. Every report is plain data: it survives JSON and structured clone.
// Options are plain objects with the keys that stand here; any other key, and any value of another
// type, throws a TypeError that names it. docs/errors.md lists the codes of all errors. Nothing
// here needs the types of Node.js or of a browser, so that it works with any `lib` and `types`.

import type {
  AbiReport,
  AuditReport,
  DoctorReport,
  Explanation,
  MatrixReport,
  PackageReport,
  Runtime,
  RuntimeRelease,
  ScanReport,
} from './types/reports.js'
import type { PathLike, RuntimeSpec } from './types/runtimes.js'

export * from './types/runtimes.js'
export * from './types/reports.js'
export * from './types/problems.js'

/** How a file will be used. */
export interface CheckOptions {
  /** Who would load it; default: this process. */
  target?: RuntimeSpec | undefined
  /** It will be loaded in worker threads, which some addons can't bear. Default `false`. */
  threads?: boolean | undefined
  /** It will be loaded in an Electron renderer, which refuses some addons. Default `false`. */
  renderer?: boolean | undefined
  /** What couldn't be judged completely counts as not ok. Default `false`. */
  strict?: boolean | undefined
}

/** Options of {@link checkPackage}. */
export interface PackageOptions extends CheckOptions {
  /**
   * Where the search for a package's name starts, as for `require` in a file of that folder;
   * default: the current folder.
   */
  from?: PathLike | undefined
}

/**
 * Options of {@link scanNodeModules}. What isn't given is taken from the key `abi-guard` of the
 * project's package.json, which may have `include`, `ignore` and `target` (also `production` and
 * `mode`, for {@link assertNodeModules} and `abi-guard/register` alone).
 */
export interface ScanOptions extends CheckOptions {
  /**
   * Names of the packages to look at; `*` stands for any characters. A name means the package's
   * platform packages, too: `sharp` is also `@img/sharp-linux-x64`. Default: all.
   */
  include?: string[] | undefined
  /** Names of packages to leave out, as in `include`. */
  ignore?: string[] | undefined
  /** Leave packages out that only `devDependencies` bring in. Default `false`. */
  production?: boolean | undefined
}

/**
 * Options of {@link assertNodeModules}. Unlike those of a scan, `production` is `true` where
 * neither they nor package.json say it, and `target` is always this process where they don't name
 * another.
 */
export interface AssertOptions extends ScanOptions {}

/** Options of {@link doctor}. */
export interface DoctorOptions {
  /**
   * The runtime that the project is judged for; default: what package.json names, else this
   * process.
   */
  target?: RuntimeSpec | undefined
}

/**
 * Options of {@link matrix}. What isn't given is taken from the key `abi-guard` of the project's
 * package.json, but for the runtimes.
 */
export interface MatrixOptions {
  /**
   * The runtimes, at least one; default: this process, the newest release of each later line of its
   * runtime with long-term support, and the newest release of all.
   */
  targets?: RuntimeSpec[] | undefined
  /** The addons will be loaded in worker threads, which some addons can't bear. Default `false`. */
  threads?: boolean | undefined
  /** They will be loaded in an Electron renderer, which refuses some addons. Default `false`. */
  renderer?: boolean | undefined
  /**
   * Names of the packages to look at; `*` stands for any characters. A name means the package's
   * platform packages, too: `sharp` is also `@img/sharp-linux-x64`. Default: all.
   */
  include?: string[] | undefined
  /** Names of packages to leave out, as in `include`. */
  ignore?: string[] | undefined
  /** Leave packages out that only `devDependencies` bring in. Default `false`. */
  production?: boolean | undefined
}

/** Options of {@link explainError}. */
export interface ExplainOptions {
  /** The folder of the project that the error came from; default: the current folder. */
  from?: PathLike | undefined
}

/** Options of {@link cacheKey}. */
export interface CacheKeyOptions {
  /** The project; default: as for {@link scanNodeModules}. */
  directory?: PathLike | undefined
  /** Who will load what is cached; default: this process. */
  target?: RuntimeSpec | undefined
}

/** How {@link formatReport} lays out its text; all but `from` without meaning for other formats. */
export interface FormatOptions {
  /** Use terminal colours. Default `false`. */
  color?: boolean | undefined
  /** Columns, 40 to 200; paths and names are never broken. Default 80. */
  width?: number | undefined
  /** Also list what is fine, and the files that aren't used. Default `false`. */
  verbose?: boolean | undefined
  /**
   * The reader's folder: in `text`, commands that must run elsewhere are given with the folder to
   * run them in; without it, those that must run elsewhere than in the scanned folder. In `sarif`
   * and `github`, the project of an explanation; default: the current folder.
   */
  from?: PathLike | undefined
}

/**
 * Says what loading one `.node` file would do. Nothing of the file is run. A path may go on into
 * Electron's `app.asar`.
 *
 * A file that can be opened always gives a report, whatever is in it.
 *
 * @throws an Error with `code` `ENOENT`, `EACCES`, … and `path` when the file can't be opened; a
 *   TypeError with `code`
 *   `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for wrong arguments
 * @example const { ok, problems } =
 *   checkAbi('node_modules/bufferutil/build/Release/bufferutil.node', { target: 'electron@31' })
 */
export function checkAbi(file: PathLike, options?: CheckOptions): AbiReport

/**
 * Says which file a package would load, and what loading it would do. The package itself is not
 * run.
 *
 * @param nameOrDirectory a name as in `require()`, or the path of its folder (absolute, or starting
 *   with `.`)
 * @throws an Error with `code` `ERR_PACKAGE_NOT_FOUND` when no package of that name is installed,
 *   else as {@link checkAbi}
 */
export function checkPackage(nameOrDirectory: string, options?: PackageOptions): PackageReport

/**
 * Checks every native package of a project: what lies in its `node_modules`, what its dependencies
 * lead to outside of it (workspaces, links, a global store, folders above), what Plug'n'Play
 * unplugged, what Electron's archives hold, and its own files.
 *
 * What can't be read below the directory becomes a problem in the report and loses nothing of the
 * rest.
 *
 * @param directory default: the package of the main script, or of the current folder when that
 *   script comes out of
 *   `node_modules`
 * @throws an Error with `code` `ENOENT`, `ENOTDIR`, … when the directory itself can't be read, else
 *   as {@link checkAbi}
 */
export function scanNodeModules(directory?: PathLike, options?: ScanOptions): ScanReport

/**
 * Throws where this process could not load what the app depends on. Meant for the start of an app,
 * or of its tests.
 *
 * The variable `ABI_GUARD` of the environment, else `mode` in the key `abi-guard` of package.json,
 * says how strict it is: `error` (the default), `strict` (what can't be judged counts as wrong,
 * too), `warn` (the report goes to standard error, nothing is thrown) or `off` (nothing is said
 * either).
 *
 * @param directory default: as for {@link scanNodeModules}
 * @returns the report
 * @throws an {@link AbiError}, else as {@link scanNodeModules}
 * @example
 * assertNodeModules() // first line of the app
 */
export function assertNodeModules(directory?: PathLike, options?: AssertOptions): ScanReport

/**
 * Thrown where addons would not load. Its message is the whole story: every broken package, why,
 * who brings it in, what to type.
 */
export class AbiError extends Error {
  constructor(
    message: string,
    report: ScanReport | AbiReport,
    options?: { code?: string | undefined; cause?: unknown },
  )
  name: string
  /**
   * `ERR_ABI_INCOMPATIBLE`; where the loader itself threw, its own code, as in `ERR_DLOPEN_FAILED`,
   * so that packages which look at it go their own way.
   */
  code: string
  /** What was found: that of the project, or of the one file that was to be loaded. */
  readonly report: ScanReport | AbiReport
  /** The loader's own error, where there was one. */
  cause?: unknown
  /** What loggers and test runners show; the report stands in the message. */
  toJSON(): { name: string; code: string; message: string }
}

/**
 * Says, for those who publish a package, whether each `.node` file holds what its name claims and
 * would be loaded at all, whether there is one for each system promised, and what the files really
 * need. Nothing of it is run.
 *
 * @param directoryOrArchive a folder, or a `.tgz` as `npm pack` makes it, which is unpacked into a
 *   temporary folder meanwhile
 * @throws an Error with `code` `ERR_INVALID_PACKAGE_ARCHIVE` for an archive that is none, else as
 *   {@link checkAbi}
 */
export function auditPackage(directoryOrArchive: PathLike): AuditReport

/**
 * Says what an error means that loading an addon, installing it or bundling it has caused: texts of
 * Node.js and other runtimes, of the systems' loaders, of packages that look for their addon, of
 * node-gyp, package managers and bundlers. Its causes (`cause`, `errors`) are looked at, too, and
 * the true reason among them wins over what was made of it. A file that the error names is read
 * again, where it is there; nothing of it is run.
 *
 * @param error whatever was thrown, or a text, such as a log
 * @returns `null` when nothing in it is known
 * @throws a TypeError with `code` `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for wrong
 *   options, and for nothing else
 * @example
 * try {
 *   require('better-sqlite3')
 * } catch (error) {
 *   console.error(explainError(error)?.summary ?? error) // built for Node.js 18, run by …
 * }
 */
export function explainError(error: unknown, options?: ExplainOptions): Explanation | null

/**
 * Says what will break in a project before it does: pins of Node.js that contradict each other,
 * Dockerfiles, compose files, workflows and pipelines that don't fit its native packages, and the
 * tools that node-gyp would compile with. Nothing is run or changed.
 *
 * @param directory default: as for {@link scanNodeModules}
 * @throws as {@link scanNodeModules}
 * @example
 * const { ok, findings } = doctor('.')
 */
export function doctor(directory?: PathLike, options?: DoctorOptions): DoctorReport

/**
 * Says what an upgrade costs: scans a project once for each runtime, and puts the outcomes of each
 * native package beside each other.
 *
 * @param directory default: as for {@link scanNodeModules}
 * @throws as {@link scanNodeModules}
 * @example
 * const { rows, targets } = matrix('.', { targets: ['node@22', 'node@24', 'electron@31'] })
 */
export function matrix(directory?: PathLike, options?: MatrixOptions): MatrixReport

/**
 * Names a key under which a cache of `node_modules` can be kept in CI: it changes with the system,
 * the libc, the runtime's ABI and the lockfile, and with nothing else.
 *
 * @returns as in `linux-x64-glibc2.36-node-abi115-4f2a91c07d3be586`
 * @throws an Error with `code` `ENOENT`, … when the lockfile can't be read, else as {@link
 *   resolveRuntime}
 */
export function cacheKey(options?: CacheKeyOptions): string

/**
 * Says which runtime a spec names.
 *
 * @param spec default: this process
 * @throws a TypeError with `code` `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` when it names
 *   none
 */
export function resolveRuntime(spec?: RuntimeSpec): Runtime

/** The ABI table: every known release of every runtime, oldest first. */
export function listRuntimes(): RuntimeRelease[]

/**
 * Lays a report out. Names and paths are escaped in all formats but JSON, so that no package can
 * send control characters to a terminal.
 *
 * `sarif` is for GitHub code scanning and others, `github` for a step of GitHub Actions. Both point
 * at the line of package.json or of the lockfile that brings a package in, which are looked up in
 * the project now; a matrix has neither of them.
 *
 * @param format default `text`
 * @throws a TypeError with `code` `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for what is no
 *   report, no format or no option
 */
export function formatReport(
  report:
    | AbiReport
    | PackageReport
    | ScanReport
    | AuditReport
    | DoctorReport
    | MatrixReport
    | Explanation,
  format?: 'text' | 'json' | 'sarif' | 'github',
  options?: FormatOptions,
): string
