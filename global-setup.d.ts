/**
 * Throws one error with `code` `ERR_ABI_INCOMPATIBLE` and the report as its message where the tests
 * could not load what the project depends on, packages for development included. For `globalSetup`
 * of Jest and Vitest, whose configuration says which folders are meant and whether worker threads
 * load the addons, and for `node --test --test-global-setup`.
 *
 * `ABI_GUARD` and the key `abi-guard` of package.json say how strict it is, as for
 * `assertNodeModules`.
 *
 * @param config what the runner gives; nothing: the package of the current folder
 */
declare function globalSetup(...config: unknown[]): void

declare namespace globalSetup {
  export { globalSetup }
}

export = globalSetup
