// The public types of abi-guard. Every report is plain data: it survives JSON and structured clone.
// Options are plain objects with the keys that are declared here. Any other key, and any value of
// another type, throws a TypeError that names it. docs/errors.md lists the codes of all errors.
// These types need neither the types of Node.js nor those of a browser. They work with any `lib`
// and `types`.

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

/** How an addon will be loaded. */
export interface CheckOptions {
  /** The runtime to judge for. Default: this process. */
  target?: RuntimeSpec | undefined
  /**
   * The addon will be loaded in worker threads. Some addons can be loaded by only one thread.
   * Default `false`.
   */
  threads?: boolean | undefined
  /**
   * The addon will be loaded in an Electron renderer, which rejects some addons. Default `false`.
   */
  renderer?: boolean | undefined
  /** An incomplete judgment counts as not ok. Default `false`. */
  strict?: boolean | undefined
}

/** Options of {@link checkPackage}. */
export interface PackageOptions extends CheckOptions {
  /**
   * The folder where the search for a package starts, as for `require` in a file of that folder.
   * Default: the current folder.
   */
  from?: PathLike | undefined
}

/**
 * Options of {@link scanNodeModules}. Defaults come from the key `abi-guard` in the project's
 * package.json: `include`, `ignore` and `target`. Its `production` and `mode` apply only to {@link
 * assertNodeModules} and `abi-guard/register`.
 */
export interface ScanOptions extends CheckOptions {
  /**
   * Names of the packages to check; `*` matches any characters. A name also covers the platform
   * packages of the package: `sharp` covers `@img/sharp-linux-x64`. Default: all packages.
   */
  include?: string[] | undefined
  /** Names of packages to leave out, with the same form as in `include`. */
  ignore?: string[] | undefined
  /** Leave out packages that only `devDependencies` need. Default `false`. */
  production?: boolean | undefined
}

/**
 * Options of {@link assertNodeModules}. Two defaults differ from {@link scanNodeModules}:
 * `production` is `true` unless package.json sets it, and `target` is this process.
 */
export interface AssertOptions extends ScanOptions {}

/**
 * The newest version of a part of the system that files may need: `glibc2.28`, `glibcxx3.4.25`,
 * `cxxabi1.3.11`, `macos11` or `node-api9` (also `napi9`).
 */
export type VersionLimit = 'glibc2.28' | 'glibcxx3.4.25' | 'macos11' | 'node-api9' | (string & {})

/**
 * A system: the platform, the processor, and on Linux the libc, as in `linux-x64-musl`. Linux
 * without a libc means glibc.
 */
export type SystemName = 'linux-x64-musl' | 'darwin-arm64' | 'win32-x64' | (string & {})

/** Options of {@link auditPackage}. */
export interface AuditOptions {
  /**
   * The platform packages to audit together with the package: folders, archives of `npm pack`, or
   * folders that contain them. Default: those in the package's own folder `npm` or `platforms`.
   */
  platformPackages?: PathLike[] | undefined
  /** A file that needs a newer version is a problem. Default: no limits. */
  max?: VersionLimit[] | undefined
  /** A system without an addon that the package's loader chooses is a problem. Default: none. */
  require?: SystemName[] | undefined
}

/** Options of {@link doctor}. */
export interface DoctorOptions {
  /** The runtime to judge for. Default: the target in package.json, or this process. */
  target?: RuntimeSpec | undefined
}

/**
 * Options of {@link matrix}. Defaults come from the key `abi-guard` in the project's package.json,
 * except for the runtimes.
 */
export interface MatrixOptions {
  /**
   * The runtimes, at least one. Default: this process, the newest release of each later line of its
   * runtime with long-term support, and the newest release.
   */
  targets?: RuntimeSpec[] | undefined
  /**
   * The addons will be loaded in worker threads. Some addons can be loaded by only one thread.
   * Default `false`.
   */
  threads?: boolean | undefined
  /**
   * The addons will be loaded in an Electron renderer, which rejects some addons. Default `false`.
   */
  renderer?: boolean | undefined
  /**
   * Names of the packages to check; `*` matches any characters. A name also covers the platform
   * packages of the package: `sharp` covers `@img/sharp-linux-x64`. Default: all packages.
   */
  include?: string[] | undefined
  /** Names of packages to leave out, with the same form as in `include`. */
  ignore?: string[] | undefined
  /** Leave out packages that only `devDependencies` need. Default `false`. */
  production?: boolean | undefined
}

/** Options of {@link explainError}. */
export interface ExplainOptions {
  /** The folder of the project that the error came from. Default: the current folder. */
  from?: PathLike | undefined
}

/** Options of {@link cacheKey}. */
export interface CacheKeyOptions {
  /** The project. Default: as for {@link scanNodeModules}. */
  directory?: PathLike | undefined
  /** The runtime that will load the cached packages. Default: this process. */
  target?: RuntimeSpec | undefined
}

/** Options of {@link formatReport}. All but `from` affect only the format `text`. */
export interface FormatOptions {
  /** Use terminal colors. Default `false`. */
  color?: boolean | undefined
  /** Columns, 40 to 200. Paths and names are never broken. Default 80. */
  width?: number | undefined
  /** Also list packages without problems, and unused files. Default `false`. */
  verbose?: boolean | undefined
  /**
   * The reader's folder. In `text`, a command that must run elsewhere is printed with its folder.
   * Without `from`, this applies to commands that must run outside of the scanned folder. In
   * `markdown`, `sarif` and `github`, `from` is the project of an explanation. Default: the current
   * folder.
   */
  from?: PathLike | undefined
}

/**
 * Says what loading one `.node` file would do. The file is never run. The path can lead into
 * Electron's `app.asar`.
 *
 * A file that can be opened always gives a report, whatever it contains.
 *
 * @throws an Error with `code` `ENOENT`, `EACCES` or another system code, and `path`, if the file
 *   can't be opened; a TypeError with `code` `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for
 *   wrong arguments
 * @example const { ok, problems } =
 *   checkAbi('node_modules/bufferutil/build/Release/bufferutil.node', { target: 'electron@31' })
 */
export function checkAbi(file: PathLike, options?: CheckOptions): AbiReport

/**
 * Says which file a package would load, and what loading it would do. The package is never run.
 *
 * @param nameOrDirectory a name as in `require()`, or the path of a folder (absolute, or starting
 *   with `.`)
 * @throws an Error with `code` `ERR_PACKAGE_NOT_FOUND` if no package with that name is installed;
 *   otherwise as {@link checkAbi}
 */
export function checkPackage(nameOrDirectory: string, options?: PackageOptions): PackageReport

/**
 * Checks every native package of a project: in its `node_modules`, in the folders that its
 * dependencies lead to (workspaces, links, a global store, folders above), in Plug'n'Play's
 * unplugged packages, in Electron's archives, and in the project's own files.
 *
 * If something below the directory can't be read, the report has a problem for it. The rest is
 * still checked.
 *
 * @param directory default: the package of the main script, or of the current folder if that script
 *   is in `node_modules`
 * @throws an Error with `code` `ENOENT`, `ENOTDIR` or another system code if the directory itself
 *   can't be read; otherwise as {@link checkAbi}
 */
export function scanNodeModules(directory?: PathLike, options?: ScanOptions): ScanReport

/**
 * Throws if this process can't load an addon that the app depends on. Call it at the start of an
 * app or of its tests.
 *
 * The environment variable `ABI_GUARD`, or `mode` in the key `abi-guard` of package.json, sets the
 * mode: `error` (the default), `strict` (an incomplete judgment also throws), `warn` (the report
 * goes to standard error, and nothing is thrown) or `off` (no check).
 *
 * @param directory default: as for {@link scanNodeModules}
 * @returns the report
 * @throws an {@link AbiError}; otherwise as {@link scanNodeModules}
 * @example
 * assertNodeModules() // first line of the app
 */
export function assertNodeModules(directory?: PathLike, options?: AssertOptions): ScanReport

/**
 * Thrown if addons can't load. Its message is the report as text: every broken package, the reason,
 * the package that depends on it, and the commands to type.
 */
export class AbiError extends Error {
  constructor(
    message: string,
    report: ScanReport | AbiReport,
    options?: { code?: string | undefined; cause?: unknown },
  )
  name: string
  /**
   * `ERR_ABI_INCOMPATIBLE`, or the loader's own code (such as `ERR_DLOPEN_FAILED`) if the loader
   * threw. Some packages read this code to decide whether to try another file.
   */
  code: string
  /** The report on the project, or on the one file that was to be loaded. */
  readonly report: ScanReport | AbiReport
  /** The loader's own error, if there was one. */
  cause?: unknown
  /** Loggers and test runners print this. The message contains the report. */
  toJSON(): { name: string; code: string; message: string }
}

/**
 * Checks a package for its author. Says whether each `.node` file matches its name and can be
 * loaded by the package at all, whether each promised system has a file, and which versions the
 * files need. The package is never run.
 *
 * A package whose addons are in platform packages is audited together with them: whether it lists
 * each of them with its version, whether the fields `os`, `cpu` and `libc` match the addons, and
 * whether the package's loader finds them.
 *
 * @param directoryOrArchive a folder, or a `.tgz`, `.tar.gz` or `.tar` from `npm pack`. An archive
 *   is read as it is, without a folder to unpack it into. A folder without a package.json may
 *   contain the package and its platform packages, as folders or archives.
 * @throws an Error with `code` `ERR_INVALID_PACKAGE_ARCHIVE` for an invalid archive; otherwise as
 *   {@link checkAbi}
 * @example
 * auditPackage('.', { max: ['glibc2.28'], require: ['linux-x64-musl', 'darwin-arm64'] })
 */
export function auditPackage(directoryOrArchive: PathLike, options?: AuditOptions): AuditReport

/**
 * Checks what ships, before it does: the apps in an image of a container or in an archive. Nothing
 * is unpacked, run or downloaded. In an image, the runtime is the one that the image starts, with
 * the image's own libraries, and the apps are what its command starts, or else every folder with a
 * `node_modules`. An extension of VS Code, an MCP bundle and a packaged Electron app are checked
 * for the runtimes for which they are made.
 *
 * The output of a build that traces files is judged without what lies around it, for the current
 * runtime, or for that of a function.
 *
 * @param fileOrDirectory an image (`docker save`, or an OCI image layout as a `.tar` or a folder),
 *   a `.zip`, `.vsix`, `.mcpb`, `.deb`, `.tgz`, `.tar` or `app.asar`, the folder of a packaged app,
 *   or an output: `.next`, `.next/standalone`, `.output`, `.vercel/output` or a function in it, or
 *   a `.nft.json`; tars and layers may be compressed with gzip, Zstandard or xz
 * @param options as of {@link scanNodeModules}; `target` replaces the runtimes of the artifact. It
 *   is necessary for an archive that doesn't name any, such as that of a function
 * @returns one report for each app and runtime. Paths in them begin with the path of the file, as
 *   in `/home/me/function.zip/node_modules/a`, and in an image also with its system, as in
 *   `/home/me/image.tar/linux-amd64/app`
 * @throws an Error with `code` `ERR_UNKNOWN_ARTIFACT`, `ERR_INVALID_ARTIFACT`,
 *   `ERR_NO_RUNTIME_IN_ARTIFACT` or `ERR_NO_APP_IN_ARTIFACT`; otherwise as {@link checkAbi}
 * @example
 * const ok = checkArtifact('function.zip', { target: 'lambda/nodejs22' }).every(({ ok }) => ok)
 */
export function checkArtifact(fileOrDirectory: PathLike, options?: ScanOptions): ScanReport[]

/**
 * Explains an error from loading, installing or bundling an addon. Known are the texts of runtimes,
 * of the systems' loaders, of packages that search for their addon, and of node-gyp, package
 * managers and bundlers. The function also reads the causes of the error (`cause`, `errors`), and
 * prefers the original reason to later texts. If the error names a file that exists, the file is
 * read, but never run.
 *
 * @param error any thrown value, or a text, such as a log
 * @returns `null` if the error is unknown
 * @throws a TypeError with `code` `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for wrong
 *   options, and nothing else
 * @example
 * try {
 *   require('better-sqlite3')
 * } catch (error) {
 *   console.error(explainError(error)?.summary ?? error) // built for Node.js 18, run by …
 * }
 */
export function explainError(error: unknown, options?: ExplainOptions): Explanation | null

/**
 * Finds what will break in a project: pins of Node.js that contradict each other; Dockerfiles,
 * compose files, workflows and pipelines that don't fit its native packages; and missing tools that
 * node-gyp needs. Nothing is run or changed.
 *
 * @param directory default: as for {@link scanNodeModules}
 * @throws as {@link scanNodeModules}
 * @example
 * const { ok, findings } = doctor('.')
 */
export function doctor(directory?: PathLike, options?: DoctorOptions): DoctorReport

/**
 * Scans a project once for each runtime, and shows the outcomes of each native package side by
 * side. Use it before an upgrade.
 *
 * @param directory default: as for {@link scanNodeModules}
 * @throws as {@link scanNodeModules}
 * @example
 * const { rows, targets } = matrix('.', { targets: ['node@22', 'node@24', 'electron@31'] })
 */
export function matrix(directory?: PathLike, options?: MatrixOptions): MatrixReport

/**
 * Returns a key for a CI cache of `node_modules`. The key changes with the system, the libc, the
 * runtime's ABI and the lockfile, and with nothing else.
 *
 * @returns a key such as `linux-x64-glibc2.36-node-abi115-4f2a91c07d3be586`
 * @throws an Error with `code` `ENOENT` or another system code if the lockfile can't be read;
 *   otherwise as {@link resolveRuntime}
 */
export function cacheKey(options?: CacheKeyOptions): string

/**
 * Returns the runtime that a spec names.
 *
 * @param spec default: this process
 * @throws a TypeError with `code` `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` if the spec
 *   names no runtime
 */
export function resolveRuntime(spec?: RuntimeSpec): Runtime

/** Returns the ABI table: every known release of every runtime, oldest first. */
export function listRuntimes(): RuntimeRelease[]

/**
 * Formats a report. In all formats except `json` and `cyclonedx`, names and paths are escaped, so
 * that no package can send control characters to a terminal.
 *
 * `sarif` is for GitHub code scanning and similar tools, `github` for a step of GitHub Actions.
 * Both point at the line of package.json or of the lockfile that brings a package in. The line is
 * searched in the project at the time of the call. A matrix has neither format. `markdown` is for
 * comments on pull requests and for the summary of a job.
 *
 * `cyclonedx` is an SBOM of the addons in a report on a file, a package or a project, or of an
 * audited package. The files are read again for their hashes. The environment variable
 * `SOURCE_DATE_EPOCH` is the time in it.
 *
 * @param format default `text`
 * @throws a TypeError with `code` `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for an invalid
 *   report, format or option
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
  format?: 'text' | 'json' | 'markdown' | 'sarif' | 'github' | 'cyclonedx',
  options?: FormatOptions,
): string
