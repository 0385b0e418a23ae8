// abi-guard/register: checks the app's addons when it is loaded, and guards `process.dlopen` from
// then on.

/**
 * Removes the guard from `process.dlopen`. If another tool has wrapped the guard, the guard stays
 * in place and does nothing.
 */
export function unregister(): void
