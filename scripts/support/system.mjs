// The system that runs the tests.

/**
 * Most of what real loads need (executables, compiled addons, packages of Debian) exists only for
 * this system.
 */
export const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64'
