// The system that runs the tests.

/** Most of what real loads are compared with (executables, compiled addons, packages of Debian) is for this one only. */
export const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64'
