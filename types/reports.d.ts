// Made by schema/generate.mjs from the types of src/model; don't edit it.

import type { Problem, KnownProblemCode } from './problems.js'

/** One `.node` file in one runtime. */
export interface AbiReport {
  /** Identifies the type of report. */
  kind: 'file'
  /** Absolute path. */
  file: string
  /** True without a problem of severity `error`; with `strict`, only if `complete` is also true. */
  ok: boolean
  /**
   * True if everything that can change the outcome was judged; otherwise an `undetermined` warning
   * names what was not.
   */
  complete: boolean
  /** The outcome of loading. */
  outcome: Outcome
  /**
   * The text that the loader would throw, word for word; `null` if it throws nothing, or the text
   * isn't known.
   */
  loaderMessage: string | null
  /** Every reason, in the order in which a load meets them. */
  problems: Problem[]
  /** The file as an object file; `null` if it isn't one. */
  binary: BinaryReport | null
  /** The file as an addon; `null` if it isn't an object file. */
  addon: AddonReport | null
  /** The runtime that would load it. */
  target: Runtime
}

/** A file as an object file. For a universal file, the slice that the target would load. */
export interface BinaryReport {
  /** Format of the file. */
  format: FileFormat
  /** As `process.platform`; `null` if it isn't known. */
  platform: Platform | null
  /** As `process.arch`; `null` for a processor without a name in Node.js. */
  arch: Arch | null
  /** The libc it was linked to; `null` on systems other than Linux, or if it names none. */
  libc: Libc | null
  /** The oldest version of that libc that has the symbols it needs; `null` if it needs none. */
  libcVersion: string | null
  /** Names of the libraries it needs, as they are in the file. */
  libraries: string[]
  /** Size of the file in bytes. */
  size: number
  /** The slices of a universal Mach-O file; absent for every other file. */
  slices?: SliceReport[]
}

/** One slice of a universal file. */
export interface SliceReport {
  /** As `process.platform`; `null` if it isn't known. */
  platform: Platform | null
  /** As `process.arch`; `null` for a processor without a name in Node.js. */
  arch: Arch | null
}

/** A file as an addon. */
export interface AddonReport {
  /** The interface through which it registers. */
  api: AddonApi
  /**
   * The `NODE_MODULE_VERSION` it was built for; `null` for a Node-API addon, or if it can't be
   * read.
   */
  abi: number | null
  /** The releases with that ABI, in words: `['Node.js 18']`. */
  runtimes: string[]
  /** Its Node-API versions; `null` if it doesn't use Node-API. */
  nodeApi: NodeApiReport | null
  /**
   * True if it can be loaded more than once per process, which worker threads need; `null` if it
   * isn't known.
   */
  contextAware: boolean | null
}

/** Node-API versions of an addon. */
export interface NodeApiReport {
  /** The version it declares; `null` if it declares none (Node.js then assumes 8). */
  declared: number | null
  /** The version that has all functions it imports; `null` if it imports none by name. */
  computed: number | null
}

/** One package with native code. */
export interface PackageReport {
  /** Identifies the type of report. */
  kind: 'package'
  /** `name` of its package.json, otherwise the name of its folder. */
  name: string
  /** `version` of its package.json; `null` without one. */
  version: string | null
  /** Absolute path of its folder. */
  path: string
  /** How it finds its file. */
  loader: Convention
  /**
   * The file that it would load, which may be in its platform package; `null` if there is none for
   * the target, or it isn't known (then `complete` is `false`).
   */
  active: AbiReport | null
  /** Its other `.node` files; they can't make a check fail. */
  dormant: DormantFile[]
  /**
   * True without a problem of severity `error` in the package or in its active file; with `strict`,
   * only if `complete` is also true.
   */
  ok: boolean
  /** True if the file that it would load is known and could be judged. */
  complete: boolean
  /** Problems of the package itself. Those of its file are in `active.problems`. */
  problems: Problem[]
  /** The fix; `null` if there is no problem, or no fix is certain to help. */
  fix: Fix | null
  /**
   * True if every dependency path to it has an optional dependency: its problems are warnings only,
   * unless its active file is damaged or ends the process. A platform package that is needed here
   * has the value of its parent. `false` outside of a scan.
   */
  optional: boolean
  /** True if only `devDependencies` need it. `false` outside of a scan. */
  dev: boolean
  /**
   * The dependents: names from the root of the project to a package that depends on it, the
   * shortest chain for each such package, sorted by length, ten at most. Empty for a package that
   * nothing depends on, and outside of a scan.
   */
  requiredBy: string[][]
}

/** A `.node` file that a package doesn't load in the target. */
export interface DormantFile {
  /** Absolute path. */
  file: string
  /** Why the package doesn't load it; `null` if that isn't known. */
  reason: string | null
}

/** A whole project. */
export interface ScanReport {
  /** Identifies the type of report. */
  kind: 'scan'
  /** True if every package is ok; with `strict`, only if `complete` is also true. */
  ok: boolean
  /** True if every package is complete, and every folder could be read. */
  complete: boolean
  /** The scanned folder, absolute, without symbolic links. */
  directory: string
  /** The runtime it was judged for. */
  target: Runtime
  /** Packages that have `.node` files, or lack one that they need, by path. */
  packages: PackageReport[]
  /** Folders and files that couldn't be read, and invalid settings. */
  problems: Problem[]
  /**
   * Root causes of the broken packages, if there is evidence; empty for a target other than this
   * process.
   */
  causes: RootCause[]
  /** The fixes of all broken packages, merged, in the order in which they have to run. */
  fixes: Fix[]
  /** Counts and time. */
  stats: Stats
}

/** Counts and time of a scan. */
export interface Stats {
  /** Number of folders walked. */
  directories: number
  /** Number of `.node` files found. */
  files: number
  /** Number of active files read. */
  checked: number
  /** Time of the whole scan in milliseconds. */
  milliseconds: number
}

/** The fix for a problem. */
export interface Fix {
  /** What to do, as a sentence. */
  summary: string
  /** Why that fixes it. */
  why: string
  /** The commands in order, each as a list of words; empty if no command does it. */
  commands: string[][]
  /** The folder to run them in, absolute; `null` if any folder will do. */
  directory: string | null
  /** A page with more information; `null` if there is none. */
  docs: string | null
  /** The lines to add to a file that the summary names, ready to paste; absent without any. */
  snippet?: string | null
}

/**
 * Why packages are broken, with the evidence. Nothing is guessed: without evidence there is no root
 * cause.
 */
export interface RootCause {
  /** The type of cause; stable, meant for programs. */
  code: KnownRootCauseCode
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The file that shows it, absolute; `null` if no single file does. */
  file: string | null
  /** The line in that file, from 1; `null` for the file as a whole. */
  line: number | null
}

/** The report of `auditPackage` on a package before it is published. */
export interface AuditReport {
  /** Identifies the type of report. */
  kind: 'audit'
  /** True without a problem of severity `error`. */
  ok: boolean
  /** `name` of its package.json; empty without one. */
  name: string
  /** `version` of its package.json; `null` without one. */
  version: string | null
  /** Absolute path of its folder, or of the archive. */
  path: string
  /** Its `.node` files, by path. */
  files: AuditedFile[]
  /**
   * The systems that its package.json lists, that its platform packages are for, or that the caller
   * requires.
   */
  promises: PromisedSystem[]
  /** The requirements of its files, by system. */
  floors: SystemFloor[]
  /** Problems of the package as a whole. The problems of a file are in `files`. */
  problems: Problem[]
  /** The platform packages that were audited with it, by name; absent without any. */
  platformPackages?: AuditedPackage[]
}

/** One `.node` file of a package before it is published. */
export interface AuditedFile {
  /** Path in the package. */
  file: string
  /** The file as an object file; `null` if it isn't one. */
  binary: BinaryReport | null
  /** The file as an addon; `null` if it isn't an object file. */
  addon: AddonReport | null
  /** A runtime in which the package would load it; `null` if there is none. */
  foundBy: string | null
  /** Its problems. */
  problems: Problem[]
}

/** A platform package that was audited together with the package that loads it. */
export interface AuditedPackage {
  /** `name` of its package.json; empty without one. */
  name: string
  /** `version` of its package.json; `null` without one. */
  version: string | null
  /** Absolute path of its folder, or of the archive. */
  path: string
  /**
   * Its `.node` files, by path. `foundBy` is a runtime in which the platform package itself would
   * load the file.
   */
  files: AuditedFile[]
  /** The requirements of its files, by system. */
  floors: SystemFloor[]
  /** Problems of the platform package as a whole. The problems of a file are in `files`. */
  problems: Problem[]
}

/** A system that a package lists as supported. */
export interface PromisedSystem {
  /** For example `linux-x64-musl`. */
  system: string
  /** The fields that list it. */
  source: PromisedBy
  /** The file for it, or the platform package for it; `null` if there is none. */
  by: string | null
}

/**
 * The requirements of the files for one system, and of the package's libraries that they load
 * through `$ORIGIN`.
 */
export interface SystemFloor {
  /** For example `linux-x64-glibc`. */
  system: string
  /** The oldest libc that meets them; `null` if it isn't known. */
  libc: string | null
  /**
   * The newest version of libstdc++ that they need, for example `3.4.21` for `GLIBCXX_3.4.21`;
   * `null` if they need none, or if the libc doesn't compare versions.
   */
  glibcxx: string | null
  /**
   * The newest version of libstdc++'s C++ ABI that they need, for example `1.3.9` for
   * `CXXABI_1.3.9`; `null` as for `glibcxx`.
   */
  cxxabi: string | null
  /** The oldest macOS that they support; `null` on other systems. */
  macos: string | null
  /** The Node-API version that they need; `null` if they use none. */
  nodeApi: number | null
  /** The first release of each line of Node.js with that version. */
  node: string[]
}

/** Every native package of a project in several runtimes. */
export interface MatrixReport {
  /** Identifies the type of report. */
  kind: 'matrix'
  /**
   * True if every package loads in every runtime without a rebuild. Packages that only optional
   * dependencies need don't count, unless their active file is damaged.
   */
  ok: boolean
  /** The scanned folder, absolute. */
  directory: string
  /** The runtimes, in the order of the cells. */
  targets: Runtime[]
  /** Packages with native code, by path. */
  rows: MatrixRow[]
}

/** One package in several runtimes. */
export interface MatrixRow {
  /** As in a report on the package. */
  name: string
  /** As in a report on the package. */
  version: string | null
  /** Absolute path of its folder. */
  path: string
  /** True if only `devDependencies` need it. */
  dev: boolean
  /** True if every dependency path to it has an optional dependency. */
  optional: boolean
  /** One for each runtime. */
  cells: MatrixCell[]
}

/** One package in one runtime. */
export interface MatrixCell {
  /** The result in that runtime. */
  state: MatrixState
  /** The problem that decides; `null` if there is none. */
  code: KnownProblemCode | null
  /** The message of that problem; for `unknown` without a problem, the reason. */
  message: string | null
}

/** Problems that a project will have. */
export interface DoctorReport {
  /** Identifies the type of report. */
  kind: 'doctor'
  /** True without a finding of severity `error` or `warning`. */
  ok: boolean
  /** Absolute path of the project. */
  directory: string
  /** The runtime it was judged for. */
  target: Runtime
  /** What will break, or may; errors first. */
  findings: Finding[]
  /** The project's native code. */
  native: NativeCode
  /** The Node.js versions that its files require. */
  pins: NodePin[]
  /** The tools with which node-gyp would compile on this computer. */
  toolchain: Toolchain
  /** The commands that start the app, and whether abi-guard starts with them. */
  starts: Start[]
  /** Absolute paths of the files about Docker, CI and hosts that were read. */
  files: string[]
  /** Parts of these files that were not judged. */
  unclear: Unclear[]
}

/** One thing that will break, or may break. Each code is documented in docs/doctor.md. */
export interface Finding {
  /** Its stable code. */
  code: KnownFindingCode
  /** Error, warning or note. */
  severity: FindingSeverity
  /** Absolute path; `null` if it isn't about a file. */
  file: string | null
  /** Line number, from 1; `null` if there is none. */
  line: number | null
  /** The problem, with its reason. */
  message: string
  /** The corrected lines, ready to paste; `null` if there are none. */
  snippet: string | null
}

/** The native code of a project. */
export interface NativeCode {
  /** The source of these facts: the installed packages, a lockfile (a guess), or nothing. */
  basis: NativeCodeBasis
  /** Names of packages with native code. */
  packages: string[]
  /** Packages that don't load with the next major version of Node.js. */
  tied: string[]
  /** True if the project has an addon of its own that is compiled. */
  own: boolean
}

/** A file or field that requires a Node.js version. */
export interface NodePin {
  /** Absolute path. */
  file: string
  /** Line number, from 1. */
  line: number
  /** For example `.nvmrc` or `engines.node`. */
  source: string
  /** The version, as it is written. */
  wanted: string
}

/** The tools with which node-gyp would compile. */
export interface Toolchain {
  /** The C++ compiler; `null` if there is none. */
  compiler: Tool | null
  /** make; `null` if there is none, and on Windows. */
  make: Tool | null
  /** Python; `null` if there is none. */
  python: Tool | null
  /** Version of npm's node-gyp; `null` if it isn't found. */
  nodeGyp: string | null
}

/** A tool to compile with. */
export interface Tool {
  /** The path of its file. */
  path: string
  /** Its version, if its file name contains it. */
  version: string | null
}

/** The explanation of an error. */
export interface Explanation {
  /** Identifies the type of report. */
  kind: 'explanation'
  /** The type of error. */
  code: ExplanationCode
  /** What happened, as a sentence. */
  summary: string
  /** The reason, with root causes for which there is evidence in the project. */
  why: string
  /** The file it is about, as in the error; `null` if the error names none. */
  file: string | null
  /** The package it is about; `null` if it isn't known. */
  package: string | null
  /**
   * What the file was built for, in words: `'Node.js 18'`, `'linux-x64'`; `null` if that isn't the
   * problem, or isn't known.
   */
  builtFor: string | null
  /** What the file had to run on, in the same form; `null` if `builtFor` is. */
  runsOn: string | null
  /** The fix; `null` if no fix is certain to help. */
  fix: Fix | null
  /** True if the text, or the file that was read again, allows no other interpretation. */
  certain: boolean
}

/** Code of an explanation: that of a problem, or of an error that no check of a file finds. */
export type ExplanationCode = KnownProblemCode | KnownErrorCode

/** A runtime that would load an addon, on one system. */
export interface Runtime {
  /** The name of the runtime. */
  runtime: RuntimeName
  /** Its release, for example `'22.11.0'`; `null` if only its ABI is known. */
  version: string | null
  /** `NODE_MODULE_VERSION`; `null` if it isn't known. */
  abi: number | null
  /** Its highest Node-API version; `null` if it has none, or it isn't known. */
  nodeApi: number | null
  /** As `process.platform`. */
  platform: Platform
  /** As `process.arch`. */
  arch: Arch
  /** The libc; `null` on systems other than Linux. */
  libc: Libc | null
  /** Version of that libc; `null` if it isn't known. */
  libcVersion: string | null
  /** The distribution that was named, for example `'debian12'`; `null` if none was. */
  distribution: string | null
  /** Path of its executable; `null` if the runtime was named by its version. */
  execPath: string | null
  /**
   * The line that was named, for example `'22'` or `'22.11'`; `version` is its newest known
   * release. `null` if an exact release was named.
   */
  line: string | null
}

/** One row of the ABI table: consecutive releases with equal numbers. */
export interface RuntimeRelease {
  /** The name of the runtime. */
  runtime: RuntimeName
  /** First release of the row; may be a prerelease. */
  first: string
  /** Last known release of the row. */
  last: string
  /** `NODE_MODULE_VERSION`; `null` if it isn't known. */
  abi: number | null
  /** Highest Node-API version; `null` if it has none, or it isn't known. */
  nodeApi: number | null
  /** The Node.js that it contains; `null` for Node.js itself, or if it isn't known. */
  node: string | null
}

/**
 * The interface through which an addon registers. `hybrid`: Node-API, but it uses V8 too. `none`:
 * it doesn't register at all.
 */
export type AddonApi = 'node-api' | 'v8' | 'hybrid' | 'none'

/** A processor, as in `process.arch`. A processor that isn't listed keeps its name. */
export type Arch =
  | 'arm'
  | 'arm64'
  | 'ia32'
  | 'loong64'
  | 'mips'
  | 'mips64el'
  | 'mipsel'
  | 'ppc'
  | 'ppc64'
  | 'riscv64'
  | 's390'
  | 's390x'
  | 'x64'
  | (string & {})

/**
 * How a package finds its file. Modules that it calls: `node-gyp-build`,
 * `node-gyp-build-optional-packages`, `bindings`, `node-pre-gyp`, `pkg-prebuilds`, `cmake-ts`,
 * `neon`, `require-addon`. Conventions: `napi-rs`, `platform-package`, `prisma`. Its own `script`;
 * a `table` of packages with rules of their own; `names` or `single-file` if only its files show
 * it; `unknown`. Later releases may add others.
 */
export type Convention =
  | 'bindings'
  | 'cmake-ts'
  | 'names'
  | 'napi-rs'
  | 'neon'
  | 'node-gyp-build'
  | 'node-gyp-build-optional-packages'
  | 'node-pre-gyp'
  | 'pkg-prebuilds'
  | 'platform-package'
  | 'prisma'
  | 'require-addon'
  | 'script'
  | 'single-file'
  | 'table'
  | 'unknown'
  | (string & {})

/** Format of an object file. */
export type FileFormat = 'elf' | 'mach-o' | 'pe'

/** `error`: it will break; `warning`: it will probably break; `note`: for information. */
export type FindingSeverity = 'error' | 'warning' | 'note'

/** The parts of a system whose versions an audit can limit. */
export type FloorKind = 'glibc' | 'glibcxx' | 'cxxabi' | 'macos' | 'node-api'

/**
 * Codes of errors that no check of a file finds, because they are about the process, the
 * installation or the build. Each has a section in docs/problems.md; new ones may come with any
 * release.
 */
export type KnownErrorCode =
  | 'addons-disabled'
  | 'esm-import'
  | 'noexec'
  | 'library-validation'
  | 'blocked-by-policy'
  | 'bundled'
  | 'toolchain'
  | 'source-too-old'
  | 'library-headers-missing'
  | 'download-failed'
  | 'file-in-use'
  | 'build-failed'
  | 'scripts-blocked'

/**
 * Codes of a doctor's findings. Each has a section in docs/doctor.md; new ones may come with any
 * release.
 */
export type KnownFindingCode =
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
  | 'modules-shared'
  | 'modules-uploaded'
  | 'lockfile-incomplete'
  | 'toolchain-missing'
  | 'python-unsuited'
  | 'does-not-load'
  | 'tied-to-node'
  | 'file-not-read'

/** Codes of root causes; new ones may come with any release. */
export type KnownRootCauseCode =
  | 'node-changed'
  | 'electron-flip'
  | 'pin-differs'
  | 'mounted'
  | 'other-system'
  | 'restored-cache'
  | 'scripts-blocked'
  | 'partial-install'

/** A libc of Linux. */
export type Libc = 'glibc' | 'musl'

/**
 * `loads`: without a rebuild; `not-needed`: it loads no file there; `rebuild`: it loads once it is
 * installed with that runtime; `no-prebuild`: it has files for some releases, but none for this
 * one, and compiles none; `breaks`: rebuilding doesn't help; `unknown`: not judged.
 */
export type MatrixState = 'loads' | 'not-needed' | 'rebuild' | 'no-prebuild' | 'breaks' | 'unknown'

/** The source of the facts about native code. */
export type NativeCodeBasis = 'installed' | 'lockfile' | 'nothing'

/**
 * The outcome of loading: `loads`; `throws` an Error that can be caught; `crashes`, so that the
 * process dies; `unknown`, with an `undetermined` problem that gives the reason.
 */
export type Outcome = 'loads' | 'throws' | 'crashes' | 'unknown'

/** An operating system, as in `process.platform`. A system that isn't listed keeps its name. */
export type Platform =
  | 'aix'
  | 'android'
  | 'cygwin'
  | 'darwin'
  | 'freebsd'
  | 'haiku'
  | 'ios'
  | 'linux'
  | 'netbsd'
  | 'openbsd'
  | 'openharmony'
  | 'sunos'
  | 'win32'
  | (string & {})

/** The fields of a package.json that list systems. */
export type PromisedBy = 'napi.targets' | 'os, cpu' | 'platform packages' | 'require'

/**
 * The known runtimes. NW.js publishes no ABI since 0.27, so it is best named with an explicit
 * `abi`.
 */
export type RuntimeName = 'node' | 'electron' | 'bun' | 'deno' | 'nw'

/** A command that starts the app. */
export interface Start {
  /** Absolute path of the file that has the command. */
  file: string
  /** Line number, from 1. */
  line: number
  /** The command, without the variables that are set before it. */
  command: string
  /** How abi-guard starts with it. */
  guard: StartGuard
  /**
   * Absolute path of the script that loads abi-guard, for `script`; the reason, for `unknown`;
   * otherwise `null`.
   */
  detail: string | null
}

/** How abi-guard starts with an app. */
export type StartGuard = 'option' | 'node-options' | 'script' | 'none' | 'unknown'

/** The fields of package.json that list the systems of a package. */
export type SystemField = 'os' | 'cpu' | 'libc'

/** A part of a file that was not judged. */
export interface Unclear {
  /** Absolute path. */
  file: string
  /** Line number, from 1. */
  line: number
  /** The reason. */
  reason: string
}
