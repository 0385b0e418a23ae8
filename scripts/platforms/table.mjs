// The platforms that abi-guard has a binary for. Names are those of napi-rs; those for Windows say
// `msvc`, which its loaders and tools look for, although zig links them against the same C runtime
// (UCRT) without Microsoft's tools.

/**
 * @typedef {object} Platform
 * @property {string} name folder in npm/ and end of the package's name
 * @property {string} title for people
 * @property {string} os `process.platform`
 * @property {string} cpu `process.arch`
 * @property {string} [libc] as package.json says it
 * @property {string} target what Rust calls it
 * @property {string} floor the oldest system that the binary loads on
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

/** The platform with this name, or an Error that lists them. */
export function platform(name) {
  const found = platforms.find((one) => one.name === name)
  if (found) return found
  throw new Error(
    `there is no platform "${name}": choose of ${platforms.map((one) => one.name).join(', ')}`,
  )
}

/**
 * The version in a platform's floor, as in `2.17`; `kind` says of what, and there is none where the
 * floor is of something else.
 */
export function floorOf({ floor }, kind) {
  const [name, version] = floor.split(' ')
  return name === kind ? version : undefined
}

/** What Cargo calls the library. */
const libraries = { linux: 'libabi_guard.so', darwin: 'libabi_guard.dylib', win32: 'abi_guard.dll' }

/** The file that Cargo makes of the library on a system. */
export const libraryOf = (os) => libraries[os] ?? libraries.linux

/** The file that a platform's package holds. */
export const fileOf = ({ name }) => `abi-guard.${name}.node`

/** The name of a platform's package. */
export const packageOf = ({ name }) => `@abi-guard/binding-${name}`
