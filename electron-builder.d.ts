// abi-guard/electron-builder: a hook of electron-builder.

/** The part of electron-builder's context that the hook uses. */
export interface PackContext {
  /** The folder of the packaged app. */
  readonly appOutDir: string
  /** `darwin`, `mas`, `win32` or `linux`. */
  readonly electronPlatformName: string
  /** A number of electron-builder's enum `Arch`. */
  readonly arch: number
  readonly packager: {
    getResourcesDir(appOutDir: string): string
    readonly info: { readonly framework: { readonly name: string; readonly version: string } }
  }
}

/**
 * Checks the addons of the packaged app for its Electron, its platform and its processor. Write
 * `"afterPack": "abi-guard/electron-builder"` into electron-builder's configuration.
 *
 * @throws an {@link import('./index.js').AbiError} if an addon can't be loaded
 */
export function afterPack(context: PackContext): Promise<void>
