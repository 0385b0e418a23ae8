// Made by schema/generate.mjs from the types of src/model; don't edit it.

import type { Problem, KnownProblemCode } from './problems.js'

/** One `.node` file in one runtime. */
export interface AbiReport {
  /** Tells it from other reports. */
  kind: 'file'
  /** Absolute path. */
  file: string
  /** No problem of severity `error`; with `strict` also `complete`. */
  ok: boolean
  /**
   * Everything that decides could be judged; else an `undetermined` warning says what could not.
   */
  complete: boolean
  /** What loading would do. */
  outcome: Outcome
  /**
   * The text the loader would throw, word for word; `null` when it throws nothing, or the text
   * isn't known.
   */
  loaderMessage: string | null
  /** Every reason, in the order in which a load meets them. */
  problems: Problem[]
  /** The file as an object file; `null` when it is none. */
  binary: BinaryReport | null
  /** The file as an addon; `null` when it is no object file. */
  addon: AddonReport | null
  /** The runtime that would load it. */
  target: Runtime
}

/** A file as an object file. Of a universal file, the slice that the target would take. */
export interface BinaryReport {
  /** Format of the file. */
  format: FileFormat
  /** As `process.platform`; `null` when it can't be told. */
  platform: Platform | null
  /** As `process.arch`; `null` for a processor that Node.js has no name for. */
  arch: Arch | null
  /** The libc it was linked to; `null` elsewhere than on Linux, or when it names none. */
  libc: Libc | null
  /** The oldest version of that libc that has what it asks for; `null` when it asks for none. */
  libcVersion: string | null
  /** Names of the libraries it needs, as they stand in the file. */
  libraries: string[]
  /** Size of the file in bytes. */
  size: number
  /** What a universal Mach-O file holds; absent for every other file. */
  slices?: SliceReport[]
}

/** One slice of a universal file. */
export interface SliceReport {
  /** As `process.platform`; `null` when it can't be told. */
  platform: Platform | null
  /** As `process.arch`; `null` for a processor that Node.js has no name for. */
  arch: Arch | null
}

/** A file as an addon. */
export interface AddonReport {
  /** The interface it registers through. */
  api: AddonApi
  /**
   * The `NODE_MODULE_VERSION` it was built for; `null` for a Node-API addon, or when it can't be
   * read.
   */
  abi: number | null
  /** The releases with that ABI, in words: `['Node.js 18']`. */
  runtimes: string[]
  /** Its Node-API versions; `null` when it doesn't use Node-API. */
  nodeApi: NodeApiReport | null
  /**
   * It can be loaded more than once per process, as worker threads need it; `null` when it can't be
   * told.
   */
  contextAware: boolean | null
}

/** Node-API versions of an addon. */
export interface NodeApiReport {
  /** The version it says it needs; `null` when it says nothing (Node.js then assumes 8). */
  declared: number | null
  /** The version that has all functions it imports; `null` when it imports none by name. */
  computed: number | null
}

/** One package with native code. */
export interface PackageReport {
  /** Tells it from other reports. */
  kind: 'package'
  /** `name` of its package.json, else the name of its folder. */
  name: string
  /** `version` of its package.json; `null` without one. */
  version: string | null
  /** Absolute path of its folder. */
  path: string
  /** How it finds its file. */
  loader: Convention
  /**
   * The file it would load, which may be one of its platform package; `null` when there is none for
   * the target, or it can't be told (then `complete` is `false`).
   */
  active: AbiReport | null
  /** Its other `.node` files; they can't make anything fail. */
  dormant: DormantFile[]
  /** Nothing of severity `error` in it or in its active file; with `strict` also `complete`. */
  ok: boolean
  /** The file it would load is known and could be judged. */
  complete: boolean
  /** Problems of the package itself; those of its file stand in `active.problems`. */
  problems: Problem[]
  /** What repairs it; `null` when nothing is wrong, or nothing that surely helps is known. */
  fix: Fix | null
  /**
   * Every way to it goes over an optional dependency: what is wrong with it makes warnings only. Of
   * a platform package that is needed here it is what holds for its parent. `false` outside of a
   * scan.
   */
  optional: boolean
  /** Only `devDependencies` bring it in. `false` outside of a scan. */
  dev: boolean
  /**
   * What brings it in: names from the root of the project to a package that depends on it, the
   * shortest chain for each of those, the shortest first, ten at most. Empty for a package that
   * nothing depends on, and outside of a scan.
   */
  requiredBy: string[][]
}

/** A `.node` file that a package doesn't load in the target. */
export interface DormantFile {
  /** Absolute path. */
  file: string
  /** Why the package doesn't load it; `null` when that isn't known. */
  reason: string | null
}

/** A whole project. */
export interface ScanReport {
  /** Tells it from other reports. */
  kind: 'scan'
  /** Every package is ok; with `strict` also `complete`. */
  ok: boolean
  /** Every package is complete, and every folder could be read. */
  complete: boolean
  /** What was scanned; absolute, without symbolic links. */
  directory: string
  /** The runtime it was judged for. */
  target: Runtime
  /** Packages that have `.node` files, or lack one that they need, by path. */
  packages: PackageReport[]
  /** Folders and files that couldn't be read, and settings that aren't understood. */
  problems: Problem[]
  /**
   * What made broken packages what they are, as far as something shows it; empty for another target
   * than this process.
   */
  causes: RootCause[]
  /** The fixes of all broken packages, merged, in the order in which they help. */
  fixes: Fix[]
  /** Figures. */
  stats: Stats
}

/** Figures of a scan. */
export interface Stats {
  /** Folders walked. */
  directories: number
  /** `.node` files found. */
  files: number
  /** Active files read. */
  checked: number
  /** Time of the whole scan in milliseconds. */
  milliseconds: number
}

/** What repairs a problem. */
export interface Fix {
  /** What to do, in a sentence. */
  summary: string
  /** Why that repairs it. */
  why: string
  /** The commands in order, each as its words; empty when no command does it. */
  commands: string[][]
  /** Where to run them, absolute; `null` where that doesn't matter. */
  directory: string | null
  /** More to read; `null` when there is nothing. */
  docs: string | null
}

/**
 * Why something is broken, with what shows it. Nothing is guessed: without evidence there is no
 * root cause.
 */
export interface RootCause {
  /** What kind of cause; stable, made for programs. */
  code: KnownRootCauseCode
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The file that shows it, absolute; `null` when it is no single file. */
  file: string | null
  /** The line in that file, from 1; `null` when it is the file as a whole. */
  line: number | null
}

/** What `auditPackage` says of a package that is to be published. */
export interface AuditReport {
  /** Tells it from other reports. */
  kind: 'audit'
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
  promises: PromisedSystem[]
  /** What its files need, by system. */
  floors: SystemFloor[]
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

/** A system that a package promises to run on. */
export interface PromisedSystem {
  /** As in `linux-x64-musl`. */
  system: string
  /** The fields that say so. */
  source: PromisedBy
  /** The file for it, or the platform package listed for it; `null` when there is none. */
  by: string | null
}

/** What the files for one system need. */
export interface SystemFloor {
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
}

/** Every native package of a project in several runtimes. */
export interface MatrixReport {
  /** Tells it from other reports. */
  kind: 'matrix'
  /**
   * Everything loads in every runtime as it is; what only optional dependencies bring in doesn't
   * count.
   */
  ok: boolean
  /** What was scanned; absolute. */
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
  /** Only `devDependencies` bring it in. */
  dev: boolean
  /** Every way to it goes over an optional dependency. */
  optional: boolean
  /** One for each runtime. */
  cells: MatrixCell[]
}

/** One package in one runtime. */
export interface MatrixCell {
  /** What becomes of it. */
  state: MatrixState
  /** The problem that decides; `null` when there is none. */
  code: KnownProblemCode | null
  /** Its sentence. */
  message: string | null
}

/** What will break in a project, before it does. */
export interface DoctorReport {
  /** Tells it from other reports. */
  kind: 'doctor'
  /** Nothing of severity `error` or `warning`. */
  ok: boolean
  /** Absolute path of the project. */
  directory: string
  /** The runtime it was judged for. */
  target: Runtime
  /** What will break, or may; errors first. */
  findings: Finding[]
  /** Its native code. */
  native: NativeCode
  /** Which Node.js it says it wants, and where. */
  pins: NodePin[]
  /** What node-gyp would compile with on this machine. */
  toolchain: Toolchain
  /** Absolute paths of the Dockerfiles, compose files, workflows and pipelines that were read. */
  files: string[]
}

/** One thing that will break, or may. Documented one by one in docs/doctor.md. */
export interface Finding {
  /** Its stable code. */
  code: KnownFindingCode
  /** How much it weighs. */
  severity: FindingSeverity
  /** Absolute path; `null` where it is about no file. */
  file: string | null
  /** From 1; `null` where there is none. */
  line: number | null
  /** What, and why. */
  message: string
  /** The repaired lines, ready to paste; `null` where there are none. */
  snippet: string | null
}

/** The native code of a project. */
export interface NativeCode {
  /** What it is known from: the installed packages, a lockfile (a guess), or nothing. */
  basis: NativeCodeBasis
  /** Names of packages with native code. */
  packages: string[]
  /** Those that the next major version of Node.js breaks. */
  tied: string[]
  /** The project compiles an addon of its own. */
  own: boolean
}

/** A place that says which Node.js is wanted. */
export interface NodePin {
  /** Absolute path. */
  file: string
  /** From 1. */
  line: number
  /** As in `.nvmrc` or `engines.node`. */
  source: string
  /** As it stands there. */
  wanted: string
}

/** What node-gyp would compile with. */
export interface Toolchain {
  /** The C++ compiler; `null` when there is none. */
  compiler: Tool | null
  /** make; `null` when there is none, and on Windows. */
  make: Tool | null
  /** Python; `null` when there is none. */
  python: Tool | null
  /** Version of the node-gyp that comes with npm; `null` when it isn't found. */
  nodeGyp: string | null
}

/** A tool to compile with. */
export interface Tool {
  /** Its file. */
  path: string
  /** Its version, where the name of its file tells. */
  version: string | null
}

/** What an error means. */
export interface Explanation {
  /** Tells it from other reports. */
  kind: 'explanation'
  /** What kind of error. */
  code: ExplanationCode
  /** What happened, in a sentence. */
  summary: string
  /** Why, with the root causes that the project shows. */
  why: string
  /** The file it is about, as the error names it; `null` when it names none. */
  file: string | null
  /** The package it is about; `null` when none can be told. */
  package: string | null
  /**
   * What the file was built for, in words: `'Node.js 18'`, `'linux-x64'`; `null` when that isn't
   * the matter, or isn't known.
   */
  builtFor: string | null
  /** What it was to run on, in the same words; `null` where `builtFor` is. */
  runsOn: string | null
  /** What repairs it; `null` when nothing that surely helps is known. */
  fix: Fix | null
  /** The text, or the file that was read again, leaves no doubt about the reason. */
  certain: boolean
}

/** Code of an explanation: that of a problem, or of an error that no check of a file finds. */
export type ExplanationCode = KnownProblemCode | KnownErrorCode

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
  platform: Platform
  /** As `process.arch`. */
  arch: Arch
  /** Which libc; `null` elsewhere than on Linux. */
  libc: Libc | null
  /** Version of that libc; `null` when it isn't known. */
  libcVersion: string | null
  /** The distribution that was named, as in `'debian12'`; `null` when none was. */
  distribution: string | null
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

/**
 * The interface an addon registers through. `hybrid`: Node-API, but it uses V8 too. `none`: it
 * doesn't register at all.
 */
export type AddonApi = 'node-api' | 'v8' | 'hybrid' | 'none'

/**
 * A processor, as `process.arch` names it. Of a processor that isn't listed, the name stands as it
 * is.
 */
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
 * `neon`, `require-addon`. Conventions: `napi-rs`, `platform-package`. Its own `script`; a `table`
 * of packages that do what no convention tells; `names` or `single-file` where only its files
 * speak; `unknown`. Later releases may add others.
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
  | 'require-addon'
  | 'script'
  | 'single-file'
  | 'table'
  | 'unknown'
  | (string & {})

/** Format of an object file. */
export type FileFormat = 'elf' | 'mach-o' | 'pe'

/** `error`: it will break; `warning`: it is likely to; `note`: worth knowing. */
export type FindingSeverity = 'error' | 'warning' | 'note'

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
 * `loads` as it is; `not-needed`: it loads no file there; `rebuild`: it loads once it is installed
 * with that runtime; `no-prebuild`: it has files for some releases, none for this one, and compiles
 * none; `breaks`: rebuilding doesn't help; `unknown`: not judged.
 */
export type MatrixState = 'loads' | 'not-needed' | 'rebuild' | 'no-prebuild' | 'breaks' | 'unknown'

/** What the native code of a project is known from. */
export type NativeCodeBasis = 'installed' | 'lockfile' | 'nothing'

/**
 * What loading would do: `loads`; `throws` an Error that can be caught; `crashes`, so that the
 * process dies; `unknown` with an `undetermined` problem that says why.
 */
export type Outcome = 'loads' | 'throws' | 'crashes' | 'unknown'

/**
 * An operating system, as `process.platform` names it. Of a system that isn't listed, the name
 * stands as it is.
 */
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

/** The fields of a package.json that promise systems. */
export type PromisedBy = 'napi.targets' | 'os, cpu'

/**
 * The runtimes that are known. NW.js registers no ABI since 0.27, so it is best named with an
 * explicit `abi`.
 */
export type RuntimeName = 'node' | 'electron' | 'bun' | 'deno' | 'nw'
