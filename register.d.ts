// abi-guard/register: checks, when it is loaded, what the app depends on, and guards
// `process.dlopen` from then on.

/**
 * Takes the guard away from `process.dlopen`. Where another tool has wrapped it since, the guard
 * stays below and does nothing any more.
 */
export function unregister(): void
