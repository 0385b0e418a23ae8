// abi-guard/promises: the functions that read a disk, on a worker thread of the pool.

import type {
  AbiReport,
  AssertOptions,
  AuditOptions,
  AuditReport,
  CheckOptions,
  DoctorOptions,
  DoctorReport,
  ExplainOptions,
  Explanation,
  MatrixOptions,
  MatrixReport,
  PackageOptions,
  PackageReport,
  PathLike,
  ScanOptions,
  ScanReport,
} from './index.js'

/** The part of an AbortSignal that abi-guard uses. Every AbortSignal fits. */
export interface Signal {
  readonly aborted: boolean
  // Not "boolean | undefined": with exactOptionalPropertyTypes no AbortSignal would fit.
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** The progress of a scan, or of several scans together. Both numbers only grow. */
export interface Progress {
  /** Folders walked so far. */
  directories: number
  /** Packages judged so far. */
  packages: number
}

/** Options to stop the work. */
export interface Stopping {
  /** Aborting it stops the work. The promise then rejects with the signal's reason. */
  signal?: Signal | undefined
}

/** Options to watch and stop the work. */
export interface Watching extends Stopping {
  /** Called about every 50 ms, and once before the promise is fulfilled. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/**
 * {@link import('./index.js').checkAbi} on a thread of the pool. Wrong arguments also reject the
 * promise.
 */
export function checkAbi(file: PathLike, options?: CheckOptions & Watching): Promise<AbiReport>

/** {@link import('./index.js').checkPackage} on a thread of the pool. */
export function checkPackage(
  nameOrDirectory: string,
  options?: PackageOptions & Watching,
): Promise<PackageReport>

/** {@link import('./index.js').scanNodeModules} on a thread of the pool. */
export function scanNodeModules(
  directory?: PathLike,
  options?: ScanOptions & Watching,
): Promise<ScanReport>

/** {@link import('./index.js').assertNodeModules} on a thread of the pool. */
export function assertNodeModules(
  directory?: PathLike,
  options?: AssertOptions & Watching,
): Promise<ScanReport>

/** {@link import('./index.js').auditPackage} on a thread of the pool. */
export function auditPackage(
  directoryOrArchive: PathLike,
  options?: AuditOptions & Stopping,
): Promise<AuditReport>

/** {@link import('./index.js').checkArtifact} on a thread of the pool. */
export function checkArtifact(
  fileOrDirectory: PathLike,
  options?: ScanOptions & Watching,
): Promise<ScanReport[]>

/** {@link import('./index.js').explainError} on a thread of the pool. */
export function explainError(
  error: unknown,
  options?: ExplainOptions & Stopping,
): Promise<Explanation | null>

/** {@link import('./index.js').doctor} on a thread of the pool. */
export function doctor(
  directory?: PathLike,
  options?: DoctorOptions & Watching,
): Promise<DoctorReport>

/** {@link import('./index.js').matrix} on a thread of the pool. */
export function matrix(
  directory?: PathLike,
  options?: MatrixOptions & Watching,
): Promise<MatrixReport>
