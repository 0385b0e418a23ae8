'use strict'
// The options `max` and `require` of an audit: versions ("glibc2.28") and systems
// ("linux-x64-musl"). arguments.js passes its functions for errors: bundlers warn about files that
// require each other.

/** The parts of a system whose versions can be limited, by each of their names. */
const PARTS = {
  glibc: 'glibc',
  glibcxx: 'glibcxx',
  cxxabi: 'cxxabi',
  macos: 'macos',
  'node-api': 'node-api',
  napi: 'node-api',
}
const PLATFORMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const ARCHS = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64']
const LIBCS = ['glibc', 'musl']

/** Turns "glibc2.28" into `{ what: 'glibc', version: '2.28' }`. */
function toLimit(name, text, { invalidValue, missing }) {
  const [, part, version] = /^([A-Za-z-]+?)[_@=-]?(\d.*)?$/.exec(text) ?? ['', text]
  const what = part.toLowerCase()
  if (!Object.hasOwn(PARTS, what))
    throw invalidValue(name, missing('limit', part, Object.keys(PARTS)))
  if (version === undefined)
    throw invalidValue(name, `"${what}" has no version: write it as in "${what}${exampleOf(what)}"`)
  const isValid = PARTS[what] === 'node-api' ? /^\d{1,3}$/ : /^\d{1,6}(\.\d{1,6}){0,3}$/
  if (!isValid.test(version))
    throw invalidValue(
      name,
      `"${require('./escape.js').oneLine(version)}" is not a version: write it as in ` +
        `"${what}${exampleOf(what)}"`,
    )
  return { what: PARTS[what], version }
}

const exampleOf = (what) =>
  ({ glibc: '2.28', glibcxx: '3.4.25', cxxabi: '1.3.11', macos: '11' })[what] ?? '9'

/** Checks the name of a system. */
function toSystem(name, text, { invalidValue, missing }) {
  const [platform, arch, libc, ...rest] = text.split('-')
  if (!PLATFORMS.includes(platform))
    throw invalidValue(name, missing('platform', platform, PLATFORMS))
  if (arch === undefined || rest.length > 0)
    throw invalidValue(name, `"${platform}" is not a system: write it as in "linux-x64-musl"`)
  if (!ARCHS.includes(arch)) throw invalidValue(name, missing('processor', arch, ARCHS))
  if (libc === undefined) return text
  if (platform !== 'linux')
    throw invalidValue(name, `only Linux has a libc: write "${platform}-${arch}"`)
  if (!LIBCS.includes(libc)) throw invalidValue(name, missing('libc', libc, LIBCS))
  return text
}

module.exports = { toLimit, toSystem }
