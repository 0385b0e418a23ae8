/**
 * Throws one error with `code` `ERR_ABI_INCOMPATIBLE` and the report as its message if the tests
 * can't load an addon that the project depends on. Packages for development are included.
 *
 * Use it as `globalSetup` of Jest and Vitest, and with `node --test --test-global-setup`. The
 * configuration of Jest and Vitest names the folders and the use of worker threads.
 *
 * `ABI_GUARD` and the key `abi-guard` in package.json set the mode, as for `assertNodeModules`.
 *
 * @param config the runner's configuration; default: the package of the current folder
 */
declare function globalSetup(...config: unknown[]): void

declare namespace globalSetup {
  export { globalSetup }
}

export = globalSetup
