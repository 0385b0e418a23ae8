// abi-guard/promises: whatever reads a disk, off the main thread, as fs/promises beside fs.

import type {
  AbiReport,
  AssertOptions,
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

/** What is needed of an AbortSignal; every AbortSignal fits. */
export interface Signal {
  readonly aborted: boolean
  // Not "boolean | undefined": with exactOptionalPropertyTypes no AbortSignal would fit.
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** How far a scan is; several scans are counted together. Both numbers only grow. */
export interface Progress {
  /** Folders walked so far. */
  directories: number
  /** Packages judged so far. */
  packages: number
}

/** Stops the work. */
export interface Stopping {
  /** Stops the work when it is aborted; the promise is then rejected with the signal's reason. */
  signal?: Signal | undefined
}

/** Watches and stops the work. */
export interface Watching extends Stopping {
  /** Called about every 50 ms, and once more before the promise is fulfilled. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/**
 * {@link import('./index.js').checkAbi} on a thread of the pool. Wrong arguments reject the
 * promise, too.
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

/**
 * {@link import('./index.js').auditPackage} on a thread of the pool; an archive is unpacked by a
 * process of its own meanwhile.
 */
export function auditPackage(directoryOrArchive: PathLike, options?: Stopping): Promise<AuditReport>

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
