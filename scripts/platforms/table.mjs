// The platforms for which abi-guard has a binary. The names are those of napi-rs. Those for Windows
// contain `msvc`, which its loaders and tools look for, although zig links them with the same C
// runtime (UCRT) without Microsoft's tools.

/**
 * @typedef {object} Platform
 * @property {string} name folder in npm/ and end of the package's name
 * @property {string} title for messages
 * @property {string} os `process.platform`
 * @property {string} cpu `process.arch`
 * @property {string} [libc] as in package.json
 * @property {string} target Rust's target
 * @property {string} floor the oldest system on which the binary loads
 */

/** @type {Platform[]} */
export const platforms = [
  {
    name: 'linux-x64-gnu',
    title: 'Linux on x64 with glibc',
    os: 'linux',
    cpu: 'x64',
    libc: 'glibc',
    target: 'x86_64-unknown-linux-gnu',
    floor: 'glibc 2.17',
  },
  {
    name: 'linux-arm64-gnu',
    title: 'Linux on arm64 with glibc',
    os: 'linux',
    cpu: 'arm64',
    libc: 'glibc',
    target: 'aarch64-unknown-linux-gnu',
    floor: 'glibc 2.17',
  },
  {
    name: 'linux-arm-gnueabihf',
    title: 'Linux on armv7 with glibc',
    os: 'linux',
    cpu: 'arm',
    libc: 'glibc',
    target: 'armv7-unknown-linux-gnueabihf',
    floor: 'glibc 2.17',
  },
  {
    name: 'linux-x64-musl',
    title: 'Linux on x64 with musl',
    os: 'linux',
    cpu: 'x64',
    libc: 'musl',
    target: 'x86_64-unknown-linux-musl',
    floor: 'musl 1.2',
  },
  {
    name: 'linux-arm64-musl',
    title: 'Linux on arm64 with musl',
    os: 'linux',
    cpu: 'arm64',
    libc: 'musl',
    target: 'aarch64-unknown-linux-musl',
    floor: 'musl 1.2',
  },
  {
    name: 'darwin-x64',
    title: 'macOS on Intel',
    os: 'darwin',
    cpu: 'x64',
    target: 'x86_64-apple-darwin',
    floor: 'macOS 10.15',
  },
  {
    name: 'darwin-arm64',
    title: 'macOS on Apple silicon',
    os: 'darwin',
    cpu: 'arm64',
    target: 'aarch64-apple-darwin',
    floor: 'macOS 11.0',
  },
  {
    name: 'win32-x64-msvc',
    title: 'Windows on x64',
    os: 'win32',
    cpu: 'x64',
    target: 'x86_64-pc-windows-gnullvm',
    floor: 'Windows 10',
  },
  {
    name: 'win32-arm64-msvc',
    title: 'Windows on arm64',
    os: 'win32',
    cpu: 'arm64',
    target: 'aarch64-pc-windows-gnullvm',
    floor: 'Windows 10',
  },
]

/** The platform with this name; throws an Error that lists the names. */
export function platform(name) {
  const found = platforms.find((one) => one.name === name)
  if (found) return found
  throw new Error(
    `there is no platform "${name}": choose of ${platforms.map((one) => one.name).join(', ')}`,
  )
}

/**
 * The version in a platform's floor, as in `2.17`; undefined if the floor is not that of `kind`.
 */
export function floorOf({ floor }, kind) {
  const [name, version] = floor.split(' ')
  return name === kind ? version : undefined
}

/** The file names that Cargo gives to the library. */
const libraries = { linux: 'libabi_guard.so', darwin: 'libabi_guard.dylib', win32: 'abi_guard.dll' }

/** The file that Cargo creates for the library on a system. */
export const libraryOf = (os) => libraries[os] ?? libraries.linux

/** The file in a platform's package. */
export const fileOf = ({ name }) => `abi-guard.${name}.node`

/** The name of a platform's package. */
export const packageOf = ({ name }) => `@abi-guard/binding-${name}`
