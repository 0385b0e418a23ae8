// The public types of abi-guard. Every report is plain data: it survives JSON and structured clone.
// Nothing here needs the types of Node.js or of a browser, so that it works with any `lib` and `types`.

/** A path, or a `file:` URL (an instance of `URL` fits). */
export type PathLike = string | { readonly href: string }

/** The runtimes that are known. NW.js registers no ABI since 0.27, so it is best named with an explicit `abi`. */
export type RuntimeName = 'node' | 'electron' | 'bun' | 'deno' | 'nw'

/**
 * Names a runtime.
 *
 * As a string: `'node@22'`, `'node@22.11.0'`, `'electron@31'`, `'bun'`, `'deno@2'`, each with an optional system:
 * `'node@22/linux-x64-musl'`, `'electron@31/win32-arm64'`, `'node@22/linux-x64-glibc2.28'`. A partial version is the newest
 * release of that line that is known; without a version it is this process's, or the newest one known. A system that isn't
 * named is this one's.
 *
 * As an object: the same in fields. `null` and `undefined` mean "not given", so that a report's `target` can be passed back.
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
  /** Where the search for a package's name starts, as for `require` in a file of that folder; default: the current folder. */
  from?: PathLike | undefined
}

/**
 * Options of {@link scanNodeModules}. What isn't given is taken from the key `abi-guard` of the project's package.json, which may
 * have `include`, `ignore` and `target`.
 */
export interface ScanOptions extends CheckOptions {
  /** Names of the packages to look at; `*` stands for any characters. Default: all. */
  include?: string[] | undefined
  /** Names of packages to leave out; `*` stands for any characters. */
  ignore?: string[] | undefined
  /** Leave packages out that only `devDependencies` bring in. Default `false`. */
  production?: boolean | undefined
}

/**
 * Codes of problems; each has a section in docs/problems.md. New ones may come with any release, so leave room for others.
 */
export type ProblemCode =
  | 'abi-mismatch'
  | 'self-register-mismatch'
  | 'node-api-too-new'
  | 'unsupported-addon-api'
  | 'wrong-platform'
  | 'wrong-arch'
  | 'wrong-libc'
  | 'missing-library'
  | 'glibc-too-old'
  | 'libstdcxx-too-old'
  | 'missing-symbol'
  | 'lazy-missing-symbol'
  | 'v8-coupled'
  | 'static-tls'
  | 'executable-stack'
  | 'cpu-level'
  | 'unsigned'
  | 'minimum-os'
  | 'host-import-not-delayed'
  | 'no-external-buffers'
  | 'not-context-aware'
  | 'not-a-binary'
  | 'truncated'
  | 'malformed'
  | 'not-openable'
  | 'not-an-addon'
  | 'builtin-flag'
  | 'not-built'
  | 'no-matching-prebuild'
  | 'missing-platform-package'
  | 'shadowed-prebuild'
  | 'mislabelled'
  | 'missing-target'
  | 'unreachable-file'
  | 'engines-too-old'
  | 'depends-on-release'
  | 'undetermined'
  | 'changed'
  | 'unreadable'
  | 'interrupted-repair'
  | 'invalid-settings'
  | (string & {})

/**
 * Codes of errors that no check of a file finds, and {@link explainError} knows; each has a section in docs/problems.md. New ones
 * may come with any release, so leave room for others.
 */
export type ErrorCode =
  | 'addons-disabled'
  | 'esm-import'
  | 'noexec'
  | 'library-validation'
  | 'blocked-by-policy'
  | 'bundled'
  | 'toolchain'
  | 'source-too-old'
  | 'scripts-blocked'
  | (string & {})

/** One reason why loading fails, or is worth a warning. */
export interface Problem {
  /** What kind of problem; stable, made for programs. */
  code: ProblemCode
  /** `error`: loading fails or may end the process. `warning`: worth knowing, loading works. */
  severity: 'error' | 'warning'
  /** One sentence for people; its words may change with any release. */
  message: string
  /** The facts behind the sentence, as in `builtForAbi` and `requiredAbi`; docs/problems.md names them for each code. */
  [fact: string]: unknown
}

/** One `.node` file in one runtime. */
export interface AbiReport {
  /** Absolute path. */
  file: string
  /** No problem of severity `error`; with `strict` also `complete`. */
  ok: boolean
  /** Everything that decides could be judged; else an `undetermined` warning says what could not. */
  complete: boolean
  /**
   * What loading would do: `loads`; `throws` an Error that can be caught; `crashes`, so that the process dies; `unknown` with an
   * `undetermined` problem that says why.
   */
  outcome: 'loads' | 'throws' | 'crashes' | 'unknown'
  /** The text the loader would throw, word for word; `null` when it throws nothing, or the text isn't known. */
  loaderMessage: string | null
  /** Every reason, in the order in which a load meets them. */
  problems: Problem[]
  /** The file as an object file; `null` when it is none. */
  binary: BinaryReport | null
  /** The file as an addon; `null` when it is no object file. */
  addon: AddonReport | null
  /** Who would load it. */
  target: Runtime
}

/** A file as an object file. Of a universal file, the slice that the target would take. */
export interface BinaryReport {
  /** Format of the file. */
  format: 'elf' | 'mach-o' | 'pe'
  /** As `process.platform`; `null` when it can't be told. */
  platform: string | null
  /** As `process.arch`; `null` for a processor that Node.js has no name for. */
  arch: string | null
  /** The libc it was linked to; `null` elsewhere than on Linux, or when it names none. */
  libc: 'glibc' | 'musl' | null
  /** The oldest version of that libc that has what it asks for; `null` when it asks for none. */
  libcVersion: string | null
  /** Names of the libraries it needs, as they stand in the file. */
  libraries: string[]
  /** Size of the file in bytes. */
  size: number
  /** What a universal Mach-O file holds; absent for every other file. */
  slices?: { platform: string | null; arch: string | null }[]
}

/** A file as an addon. */
export interface AddonReport {
  /** The interface it registers through. `hybrid`: Node-API, but it uses V8 too. `none`: it doesn't register at all. */
  api: 'node-api' | 'v8' | 'hybrid' | 'none'
  /** The `NODE_MODULE_VERSION` it was built for; `null` for a Node-API addon, or when it can't be read. */
  abi: number | null
  /** The releases with that ABI, in words: `['Node.js 18']`. */
  runtimes: string[]
  /** Its Node-API versions; `null` when it doesn't use Node-API. */
  nodeApi: {
    /** The version it says it needs; `null` when it says nothing (Node.js then assumes 8). */
    declared: number | null
    /** The version that has all functions it imports; `null` when it imports none by name. */
    computed: number | null
  } | null
  /** It can be loaded more than once per process, as worker threads need it; `null` when it can't be told. */
  contextAware: boolean | null
}

/** One package with native code. */
export interface PackageReport {
  /** `name` of its package.json, else the name of its folder. */
  name: string
  /** `version` of its package.json; `null` without one. */
  version: string | null
  /** Absolute path of its folder. */
  path: string
  /**
   * How it finds its file. Modules that it calls: `node-gyp-build`, `node-gyp-build-optional-packages`, `bindings`, `node-pre-gyp`,
   * `pkg-prebuilds`, `cmake-ts`, `neon`, `require-addon`. Conventions: `napi-rs`, `platform-package`. Its own `script`; a `table` of
   * packages that do what no convention tells; `names` or `single-file` where only its files speak; `unknown`.
   */
  loader: string
  /**
   * The file it would load, which may be one of its platform package; `null` when there is none for the target, or it can't be
   * told (then `complete` is `false`).
   */
  active: AbiReport | null
  /** Its other `.node` files, absolute; they can't make anything fail. */
  dormant: string[]
  /** Nothing of severity `error` in it or in its active file; with `strict` also `complete`. */
  ok: boolean
  /** The file it would load is known and could be judged. */
  complete: boolean
  /** Problems of the package itself; those of its file stand in `active.problems`. */
  problems: Problem[]
  /** What mends it; `null` when nothing is wrong, or nothing that surely helps is known. */
  fix: Fix | null
  /**
   * Every way to it goes over an optional dependency: what is wrong with it makes warnings only. Of a platform package that is
   * needed here it is what holds for its parent. `false` outside of a scan.
   */
  optional: boolean
  /** Only `devDependencies` bring it in. `false` outside of a scan. */
  dev: boolean
  /**
   * Who brings it in: names from the root of the project to a package that depends on it, the shortest chain for each of those, the
   * shortest first, ten at most. Empty for a package that nothing depends on, and outside of a scan.
   */
  requiredBy: string[][]
}

/** What mends a problem. */
export interface Fix {
  /** What to do, in a sentence. */
  summary: string
  /** Why that mends it. */
  why: string
  /** The commands in order, each as its words; empty when no command does it. */
  commands: string[][]
  /** Where to run them, absolute; `null` where that doesn't matter. */
  directory: string | null
  /** More to read; `null` when there is nothing. */
  docs: string | null
}

/** A whole project. */
export interface ScanReport {
  /** Every package is ok; with `strict` also `complete`. */
  ok: boolean
  /** Every package is complete, and every folder could be read. */
  complete: boolean
  /** What was scanned; absolute, without symbolic links. */
  directory: string
  /** For whom. */
  target: Runtime
  /** Packages that have `.node` files, or lack one that they need, by path. */
  packages: PackageReport[]
  /** Folders and files that couldn't be read, and settings that aren't understood. */
  problems: Problem[]
  /** The fixes of all broken packages, merged, in the order in which they help. */
  fixes: Fix[]
  /** What made broken packages what they are, as far as something shows it; empty for another target than this process. */
  causes: Cause[]
  /** Figures. */
  stats: {
    /** Folders walked. */
    directories: number
    /** `.node` files found. */
    files: number
    /** Active files read. */
    checked: number
    /** Time of the whole scan in milliseconds. */
    milliseconds: number
  }
}

/**
 * Codes of causes. `node-changed`: another Node.js installed or built it. `electron-flip`: built for Electron and run by Node.js, or
 * the other way round. `pin-differs`: the project asks for another Node.js than runs. `mounted`, `other-system`: `node_modules` comes
 * from another system. `restored-cache`: a CI service may have brought it back. `scripts-blocked`: install scripts were kept from
 * running. New ones may come with any release, so leave room for others.
 */
export type CauseCode =
  | 'node-changed'
  | 'electron-flip'
  | 'pin-differs'
  | 'mounted'
  | 'other-system'
  | 'restored-cache'
  | 'scripts-blocked'
  | (string & {})

/** Why something is broken, with what shows it. Nothing is guessed: without evidence there is no cause. */
export interface Cause {
  /** What kind of cause; stable, made for programs. */
  code: CauseCode
  /** One sentence for people; its words may change with any release. */
  message: string
  /** The file that shows it, absolute; `null` when it is no single file. */
  file: string | null
  /** The line in that file, from 1; `null` when it is the file as a whole. */
  line: number | null
}

/** Options of {@link explainError}. */
export interface ExplainOptions {
  /** The folder of the project that the error came from; default: the current folder. */
  from?: PathLike | undefined
}

/** What an error means. */
export interface Explanation {
  /** What kind of error. */
  code: ProblemCode | ErrorCode
  /** What happened, in a sentence. */
  summary: string
  /** Why, with the causes that the project shows. */
  why: string
  /** The file it is about, as the error names it; `null` when it names none. */
  file: string | null
  /** The package it is about; `null` when none can be told. */
  package: string | null
  /** What the file was built for, in words: `'Node.js 18'`, `'linux-x64'`; `null` when that isn't the matter, or isn't known. */
  builtFor: string | null
  /** What it was to run on, in the same words; `null` where `builtFor` is. */
  runsOn: string | null
  /** What mends it; `null` when nothing that surely helps is known. */
  fix: Fix | null
  /** The text, or the file that was read again, leaves no doubt about the reason. */
  certain: boolean
}

/** Options of {@link cacheKey}. */
export interface CacheKeyOptions {
  /** The project; default: as for {@link scanNodeModules}. */
  directory?: PathLike | undefined
  /** Who will load what is cached; default: this process. */
  target?: RuntimeSpec | undefined
}

/** What {@link auditPackage} says of a package that is to be published. */
export interface AuditReport {
  /** Nothing of severity `error`. */
  ok: boolean
  /** `name` of its package.json; empty without one. */
  name: string
  /** `version` of its package.json; `null` without one. */
  version: string | null
  /** Absolute path of its folder, or of the archive. */
  path: string
  /** Its `.node` files, by path. */
  files: AuditedFile[]
  /** The systems that its package.json promises. */
  promises: {
    /** As in `linux-x64-musl`. */
    system: string
    /** The fields that say so. */
    source: 'napi.targets' | 'os, cpu'
    /** The file for it, or the platform package listed for it; `null` when there is none. */
    by: string | null
  }[]
  /** What its files need, by system. */
  floors: {
    /** As in `linux-x64-glibc`. */
    system: string
    /** The oldest libc that has all they ask for; `null` when none shows. */
    libc: string | null
    /** The oldest macOS they say they run on; `null` elsewhere. */
    macos: string | null
    /** The Node-API version they need; `null` when they use none. */
    nodeApi: number | null
    /** The first release of each line of Node.js that has it. */
    node: string[]
  }[]
  /** Problems of the package as a whole; those of a file stand there. */
  problems: Problem[]
}

/** One `.node` file of a package that is to be published. */
export interface AuditedFile {
  /** Path in the package. */
  file: string
  /** The file as an object file; `null` when it is none. */
  binary: BinaryReport | null
  /** The file as an addon; `null` when it is no object file. */
  addon: AddonReport | null
  /** A runtime in which the package would load it; `null` when there is none. */
  foundBy: string | null
  /** What is wrong with it. */
  problems: Problem[]
}

/** What `abi-guard doctor --json` prints: what will break in a project, before it does. */
export interface DoctorReport {
  /** Nothing of severity `error` or `warning`. */
  ok: boolean
  /** Absolute path of the project. */
  directory: string
  /** The runtime it was judged for. */
  target: Runtime
  /** What will break, or may; errors first. */
  findings: Finding[]
  /** Its native code. */
  native: {
    /** What it is known from: the installed packages, a lockfile (a guess), or nothing. */
    basis: 'installed' | 'lockfile' | 'nothing'
    /** Names of packages with native code. */
    packages: string[]
    /** Those that the next major version of Node.js breaks. */
    tied: string[]
    /** The project compiles an addon of its own. */
    own: boolean
  }
  /** Which Node.js it says it wants, and where. */
  pins: {
    /** Absolute path. */
    file: string
    /** From 1. */
    line: number
    /** As in `.nvmrc` or `engines.node`. */
    source: string
    /** As it stands there. */
    wanted: string
  }[]
  /** What node-gyp would compile with on this machine. */
  toolchain: {
    /** The C++ compiler; `null` when there is none. */
    compiler: Tool | null
    /** make; `null` when there is none, and on Windows. */
    make: Tool | null
    /** Python; `null` when there is none. */
    python: Tool | null
    /** Version of the node-gyp that comes with npm; `null` when it isn't found. */
    nodeGyp: string | null
  }
  /** Absolute paths of the Dockerfiles, compose files, workflows and pipelines that were read. */
  files: string[]
}

/** A tool to compile with. */
export interface Tool {
  /** Its file. */
  path: string
  /** Its version, where the name of its file tells. */
  version: string | null
}

/** One thing that will break, or may. Documented one by one in docs/doctor.md. */
export interface Finding {
  /** Its stable code. */
  code: FindingCode
  /** `error`: it will break; `warning`: it is likely to; `note`: worth knowing. */
  severity: 'error' | 'warning' | 'note'
  /** Absolute path; `null` where it is about no file. */
  file: string | null
  /** From 1; `null` where there is none. */
  line: number | null
  /** What, and why. */
  message: string
  /** The mended lines, ready to paste; `null` where there are none. */
  snippet: string | null
}

/** Codes of findings. */
export type FindingCode =
  | 'pins-contradict'
  | 'running-node-differs'
  | 'node-not-pinned'
  | 'node-version-differs'
  | 'host-modules-copied'
  | 'host-modules-mounted'
  | 'stages-differ'
  | 'no-musl-prebuild'
  | 'scripts-ignored'
  | 'optional-omitted'
  | 'modules-cached'
  | 'toolchain-missing'
  | 'python-unsuited'
  | 'does-not-load'
  | 'tied-to-node'
  | 'file-not-read'
  | (string & {})

/** What `abi-guard matrix --json` prints: every native package of a project in several runtimes. */
export interface MatrixReport {
  /** Everything loads in every runtime as it is; what only optional dependencies bring in doesn't count. */
  ok: boolean
  /** What was scanned; absolute. */
  directory: string
  /** The runtimes, in the order of the cells. */
  targets: Runtime[]
  /** Packages with native code, by path. */
  rows: {
    /** As in {@link PackageReport}. */
    name: string
    /** As in {@link PackageReport}. */
    version: string | null
    /** Absolute path of its folder. */
    path: string
    /** Only `devDependencies` bring it in. */
    dev: boolean
    /** Every way to it goes over an optional dependency. */
    optional: boolean
    /** One for each runtime. */
    cells: {
      /**
       * `loads` as it is; `not-needed`: it loads no file there; `rebuild`: it loads once it is installed with that runtime;
       * `no-prebuild`: it has files for some releases, none for this one, and compiles none; `breaks`: rebuilding doesn't help;
       * `unknown`: not judged.
       */
      state: 'loads' | 'not-needed' | 'rebuild' | 'no-prebuild' | 'breaks' | 'unknown'
      /** The problem that decides; `null` when there is none. */
      code: ProblemCode | null
      /** Its sentence. */
      message: string | null
    }[]
  }[]
}

/** How {@link formatReport} lays out its text; without meaning for JSON. */
export interface FormatOptions {
  /** Use terminal colours. Default `false`. */
  color?: boolean | undefined
  /** Columns, 40 to 200; paths and names are never broken. Default 80. */
  width?: number | undefined
  /** Also list what is fine, and the files that aren't used. Default `false`. */
  verbose?: boolean | undefined
}

/**
 * Says what loading one `.node` file would do. Nothing of the file is run. A path may go on into Electron's `app.asar`.
 *
 * A file that can be opened always gives a report, whatever is in it.
 *
 * @throws an Error with `code` `ENOENT`, `EACCES`, … and `path` when the file can't be opened; a TypeError with `code`
 *   `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for wrong arguments
 * @example
 * const { ok, problems } = checkAbi('node_modules/bufferutil/build/Release/bufferutil.node', { target: 'electron@31' })
 */
export function checkAbi(file: PathLike, options?: CheckOptions): AbiReport

/**
 * Says which file a package would load, and what loading it would do. The package itself is not run.
 *
 * @param nameOrDirectory a name as in `require()`, or the path of its folder (absolute, or starting with `.`)
 * @throws an Error with `code` `ERR_PACKAGE_NOT_FOUND` when no package of that name is installed, else as {@link checkAbi}
 */
export function checkPackage(nameOrDirectory: string, options?: PackageOptions): PackageReport

/**
 * Checks every native package of a project: what lies in its `node_modules`, what its dependencies lead to outside of it
 * (workspaces, links, a global store, folders above), what Plug'n'Play unplugged, what Electron's archives hold, and its own files.
 *
 * What can't be read below the directory becomes a problem in the report and loses nothing of the rest.
 *
 * @param directory default: the package of the main script, or of the current folder when that script comes out of
 *   `node_modules`
 * @throws an Error with `code` `ENOENT`, `ENOTDIR`, … when the directory itself can't be read, else as {@link checkAbi}
 */
export function scanNodeModules(directory?: PathLike, options?: ScanOptions): ScanReport

/**
 * Says, for those who publish a package, whether each `.node` file holds what its name claims and would be loaded at all, whether
 * there is one for each system promised, and what the files really need. Nothing of it is run.
 *
 * @param directoryOrArchive a folder, or a `.tgz` as `npm pack` makes it, which is unpacked into a temporary folder meanwhile
 * @throws an Error with `code` `ERR_INVALID_PACKAGE_ARCHIVE` for an archive that is none, else as {@link checkAbi}
 */
export function auditPackage(directoryOrArchive: PathLike): AuditReport

/**
 * Says what an error means that loading an addon, installing it or bundling it has caused: texts of Node.js and other runtimes, of the
 * systems' loaders, of packages that look for their addon, of node-gyp, package managers and bundlers. Its causes (`cause`, `errors`)
 * are looked at, too, and the true reason among them wins over what was made of it. A file that the error names is read again, where
 * it is there; nothing of it is run.
 *
 * @param error whatever was thrown, or a text, such as a log
 * @returns `null` when nothing in it is known
 * @throws a TypeError with `code` `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for wrong options, and for nothing else
 * @example
 * try {
 *   require('better-sqlite3')
 * } catch (error) {
 *   console.error(explainError(error)?.summary ?? error) // built for Node.js 18 (ABI 108), run by Node.js 22 (ABI 127)
 * }
 */
export function explainError(error: unknown, options?: ExplainOptions): Explanation | null

/**
 * Names a key under which a cache of `node_modules` can be kept in CI: it changes with the system, the libc, the runtime's ABI and the
 * lockfile, and with nothing else.
 *
 * @returns as in `linux-x64-glibc2.36-node-abi115-4f2a91c07d3be586`
 * @throws an Error with `code` `ENOENT`, … when the lockfile can't be read, else as {@link resolveRuntime}
 */
export function cacheKey(options?: CacheKeyOptions): string

/**
 * Says which runtime a spec names.
 *
 * @param spec default: this process
 * @throws a TypeError with `code` `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` when it names none
 */
export function resolveRuntime(spec?: RuntimeSpec): Runtime

/** The ABI table: every known release of every runtime, oldest first. */
export function listRuntimes(): RuntimeRelease[]

/**
 * Lays a report out. Names and paths are escaped in `text`, so that no package can send control characters to a terminal.
 *
 * @param format default `text`
 */
export function formatReport(
  report: AbiReport | PackageReport | ScanReport | AuditReport | DoctorReport | MatrixReport | Explanation,
  format?: 'text' | 'json',
  options?: FormatOptions,
): string
