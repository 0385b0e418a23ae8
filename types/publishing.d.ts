// What the audit of a package returns.

import type { Problem, BinaryReport, AddonReport } from './reports.js'

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
