// abi-guard/promises: the checks off the main thread, as fs/promises beside fs.

import type {
  AbiReport,
  AssertOptions,
  CheckOptions,
  PackageOptions,
  PackageReport,
  PathLike,
  ScanOptions,
  ScanReport,
} from './index.js'

/** What is needed of an AbortSignal; every AbortSignal fits. */
export interface Signal {
  readonly aborted: boolean
  throwIfAborted(): void
  addEventListener(
    type: 'abort',
    listener: () => void,
    options?: { once?: boolean | undefined },
  ): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** How far a scan is. Both numbers only grow. */
export interface Progress {
  /** Folders walked so far. */
  directories: number
  /** Packages judged so far. */
  packages: number
}

/** Watches and stops a check. */
export interface Watching {
  /** Stops it; the promise is then rejected with the signal's reason. */
  signal?: Signal | undefined
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
