// What is said of errors, of projects before they break, and of upgrades.

import type { ProblemCode, Fix } from './reports.js'
import type { Runtime } from './runtimes.js'

/**
 * Codes of errors that no check of a file finds, and {@link explainError} knows; each has a section
 * in docs/problems.md. New ones may come with any release, so leave room for others.
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
  /**
   * What the file was built for, in words: `'Node.js 18'`, `'linux-x64'`; `null` when that isn't
   * the matter, or isn't known.
   */
  builtFor: string | null
  /** What it was to run on, in the same words; `null` where `builtFor` is. */
  runsOn: string | null
  /** What mends it; `null` when nothing that surely helps is known. */
  fix: Fix | null
  /** The text, or the file that was read again, leaves no doubt about the reason. */
  certain: boolean
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
       * `loads` as it is; `not-needed`: it loads no file there; `rebuild`: it loads once it is
       * installed with that runtime; `no-prebuild`: it has files for some releases, none for this
       * one, and compiles none; `breaks`: rebuilding doesn't help; `unknown`: not judged.
       */
      state: 'loads' | 'not-needed' | 'rebuild' | 'no-prebuild' | 'breaks' | 'unknown'
      /** The problem that decides; `null` when there is none. */
      code: ProblemCode | null
      /** Its sentence. */
      message: string | null
    }[]
  }[]
}
