// abi-guard/forge: a plugin of Electron Forge.

/** What Forge has packaged. */
interface PackageResult {
  /** `darwin`, `mas`, `win32` or `linux`. */
  platform: string
  /** `x64`, `arm64`, `armv7l`, `ia32` or `universal`. */
  arch: string
  /** The folders of the packaged apps. */
  outputPaths: string[]
}

/**
 * Checks the addons of each packaged app for its Electron, its platform and its processor. Write
 * `plugins: [new AbiGuardPlugin()]` into Forge's configuration. Packaging fails with an {@link
 * import('./index.js').AbiError} if an addon can't be loaded.
 */
declare class AbiGuardPlugin {
  /** Forge creates plugins that are named in its configuration with their options. */
  constructor(config?: unknown)
  /** @internal */
  __isElectronForgePlugin: boolean
  name: string
  init(folder: string): void
  getHooks(): { postPackage: (config: unknown, result: PackageResult) => Promise<void> }
  startLogic(): Promise<false>
}

declare namespace AbiGuardPlugin {
  export { AbiGuardPlugin }
  export type { PackageResult }
  /** The hook alone, for `hooks: { postPackage }` in Forge's configuration. */
  export function postPackage(config: unknown, result: PackageResult): Promise<void>
}

export = AbiGuardPlugin
