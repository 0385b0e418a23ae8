// What checks return: files, packages, projects, and what is wrong with them.

import type { Runtime } from './runtimes.js'

/**
 * Codes of problems; each has a section in docs/problems.md. New ones may come with any release, so
 * leave room for others.
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

/** One reason why loading fails, or is worth a warning. */
export interface Problem {
  /** What kind of problem; stable, made for programs. */
  code: ProblemCode
  /** `error`: loading fails or may end the process. `warning`: worth knowing, loading works. */
  severity: 'error' | 'warning'
  /** One sentence for people; its words may change with any release. */
  message: string
  /**
   * The facts behind the sentence, as in `builtForAbi` and `requiredAbi`; docs/problems.md names
   * them for each code.
   */
  [fact: string]: unknown
}

/** One `.node` file in one runtime. */
export interface AbiReport {
  /** Absolute path. */
  file: string
  /** No problem of severity `error`; with `strict` also `complete`. */
  ok: boolean
  /**
   * Everything that decides could be judged; else an `undetermined` warning says what could not.
   */
  complete: boolean
  /**
   * What loading would do: `loads`; `throws` an Error that can be caught; `crashes`, so that the
   * process dies; `unknown` with an `undetermined` problem that says why.
   */
  outcome: 'loads' | 'throws' | 'crashes' | 'unknown'
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
  /**
   * The interface it registers through. `hybrid`: Node-API, but it uses V8 too. `none`: it doesn't
   * register at all.
   */
  api: 'node-api' | 'v8' | 'hybrid' | 'none'
  /**
   * The `NODE_MODULE_VERSION` it was built for; `null` for a Node-API addon, or when it can't be
   * read.
   */
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
  /**
   * It can be loaded more than once per process, as worker threads need it; `null` when it can't be
   * told.
   */
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
   * How it finds its file. Modules that it calls: `node-gyp-build`,
   * `node-gyp-build-optional-packages`, `bindings`, `node-pre-gyp`, `pkg-prebuilds`, `cmake-ts`,
   * `neon`, `require-addon`. Conventions: `napi-rs`, `platform-package`. Its own `script`; a
   * `table` of packages that do what no convention tells; `names` or `single-file` where only its
   * files speak; `unknown`.
   */
  loader: string
  /**
   * The file it would load, which may be one of its platform package; `null` when there is none for
   * the target, or it can't be told (then `complete` is `false`).
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
   * Every way to it goes over an optional dependency: what is wrong with it makes warnings only. Of
   * a platform package that is needed here it is what holds for its parent. `false` outside of a
   * scan.
   */
  optional: boolean
  /** Only `devDependencies` bring it in. `false` outside of a scan. */
  dev: boolean
  /**
   * Who brings it in: names from the root of the project to a package that depends on it, the
   * shortest chain for each of those, the shortest first, ten at most. Empty for a package that
   * nothing depends on, and outside of a scan.
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
  /**
   * What made broken packages what they are, as far as something shows it; empty for another target
   * than this process.
   */
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
 * Codes of causes. `node-changed`: another Node.js installed or built it. `electron-flip`: built
 * for Electron and run by Node.js, or the other way round. `pin-differs`: the project asks for
 * another Node.js than runs. `mounted`, `other-system`: `node_modules` comes from another system.
 * `restored-cache`: a CI service may have brought it back. `scripts-blocked`: install scripts were
 * kept from running. New ones may come with any release, so leave room for others.
 */
export type CauseCode =
  | 'node-changed'
  | 'electron-flip'
  | 'pin-differs'
  | 'mounted'
  | 'other-system'
  | 'restored-cache'
  | 'scripts-blocked'
  | 'partial-install'
  | (string & {})

/**
 * Why something is broken, with what shows it. Nothing is guessed: without evidence there is no
 * cause.
 */
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
