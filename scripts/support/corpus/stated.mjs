// Reads the claims in the name of an addon's file, its folders and its package: the ABI, the
// platform, the architecture and the libc, each null if the name doesn't have it. It doesn't read
// the file. The corpus compares these claims with the contents.

const platforms = {
  linux: 'linux',
  linuxmusl: 'linux',
  linuxglibc: 'linux',
  darwin: 'darwin',
  macos: 'darwin',
  win32: 'win32',
  windows: 'win32',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  android: 'android',
  openharmony: 'openharmony',
  ohos: 'openharmony',
}
const architectures = {
  x64: 'x64',
  ia32: 'ia32',
  arm64: 'arm64',
  arm: 'arm',
  s390x: 's390x',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  loong64: 'loong64',
}
const libcs = {
  glibc: 'glibc',
  gnu: 'glibc',
  gnueabihf: 'glibc',
  linuxglibc: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
  linuxmusl: 'musl',
}

// NODE_MODULE_VERSION of the release lines in names of folders.
const nodeLines = {
  '0.10': 11,
  0.12: 14,
  4: 46,
  5: 47,
  6: 48,
  7: 51,
  8: 57,
  9: 59,
  10: 64,
  11: 67,
  12: 72,
  13: 79,
  14: 83,
  15: 88,
  16: 93,
  17: 102,
  18: 108,
  19: 111,
  20: 115,
  21: 120,
  22: 127,
  23: 131,
  24: 137,
  25: 141,
  26: 147,
}
const electronLines = {
  28: 119,
  29: 121,
  30: 123,
  31: 125,
  32: 128,
  33: 130,
  34: 132,
  35: 133,
  36: 135,
  37: 136,
  38: 139,
  39: 140,
}

// One row per form in which packages write an ABI: a pattern for the path, and the meaning of its
// number.
const forms = [
  { form: 'tag .abiN.', pattern: /\.abi(\d+)\./, abi: Number },
  { form: 'file node-N.node', pattern: /\/(?:node|electron)-(\d+)\.node$/, abi: Number },
  {
    form: 'folder platform-arch-N',
    pattern: /\/(?:linux|darwin|win32)-(?:x64|ia32|arm64|arm)-(\d+)(?:-\w+)?\//,
    abi: Number,
  },
  {
    form: 'file name-platform-arch-N',
    pattern: /-(?:linux|darwin|win32)-(?:x64|arm64)(?:-\w+)?-(\d+)\.node$/,
    abi: Number,
  },
  {
    form: 'file name_platform_N',
    pattern: /_(?:linux|darwin|win32)(?:_x64|_arm64|_arm)?_(\d+)\.node$/,
    abi: Number,
  },
  { form: 'file name-vN', pattern: /-addon-v(\d+)\.node$/, abi: Number },
  { form: 'folder libc/N', pattern: /\/(?:glibc|musl)\/(\d+)\/[^/]+$/, abi: Number },
  { form: 'folder node/N', pattern: /\/node\/(?:\w+-)?(\d+)(?:-Release)?\/[^/]+$/, abi: Number },
  {
    form: 'folder of a Node.js line',
    pattern: /\/[a-z0-9]+-[a-z0-9]+-node-(0\.\d+|\d+)\/[^/]+$/,
    abi: (line) => nodeLines[line],
  },
  {
    form: 'folder of a Node.js line',
    pattern: /\/(?:linux|darwin|win32)-(\d+)\/[^/]+$/,
    abi: (line) => nodeLines[line],
  },
  {
    form: 'folder of a Node.js line',
    in: 'edge-js',
    pattern: /\/(?:x64|ia32|arm64)\/(\d+)[\d.]*\/[^/]+$/,
    abi: (line) => nodeLines[line],
  },
  {
    form: 'folder of an Electron line',
    in: 'electron-edge-js',
    pattern: /\/(?:x64|ia32|arm64)\/(\d+)[\d.]*\/[^/]+$/,
    abi: (line) => electronLines[line],
  },
]

/**
 * @param {string} packageName with its scope
 * @param {string} relative the file's path in the package, with `/`
 * @returns {{ abi: number | null, form: string | null, platform: string | null, arch: string |
 *   null, libc: string | null }} `form`: the form of the ABI; `arch`: `x64+arm64` for a universal
 *   file
 */
export function stated(packageName, relative) {
  const target = targetOf(relative)
  // The name of a platform package has the claims that the name of its only file may lack.
  const fallback = targetOf(packageName.replace(/^@[^/]*\//, ''))
  const platform = target.platform ?? fallback.platform
  // prebuildify also writes ".glibc" on Windows.
  const libc = platform === 'linux' ? (target.libc ?? fallback.libc) : null
  return { ...abiOf(packageName, relative), platform, arch: target.arch ?? fallback.arch, libc }
}

function abiOf(packageName, relative) {
  for (const { form, in: only, pattern, abi } of forms) {
    const match = pattern.exec(`/${relative}`)
    if (!match || (only && only !== packageName)) continue
    const number = abi(match[1])
    if (Number.isInteger(number)) return { abi: number, form }
  }
  return { abi: null, form: null }
}

function targetOf(text) {
  const words = text
    .replaceAll('x86_64', 'x64')
    .replaceAll('aarch64', 'arm64')
    .split(/[-_./+]/)
  const last = (table) => table[words.findLast((word) => Object.hasOwn(table, word))] ?? null
  const platform = last(platforms)
  if (platform === null) return { platform, arch: null, libc: null }
  const universal = /\b(x64|arm64)\+(x64|arm64)\b/.test(text) ? 'x64+arm64' : null
  return {
    platform,
    arch: universal ?? (words.includes('universal') ? 'x64+arm64' : last(architectures)),
    libc: last(libcs),
  }
}
