// A compiler and linkers for macOS and Windows: zig, from Python's index. All its results are in
// the cache.
import { execFile } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inCache, once, temporaryFolder } from './cache.mjs'
import { onlyInFullLane } from './lane.mjs'
import { hasPip, unpackWheel } from './wheels.mjs'

const execute = promisify(execFile)
export const version = '0.15.2'
const wheels = {
  'linux-x64': {
    package: `ziglang==${version}`,
    platform: 'manylinux_2_12_x86_64',
    sha256: '806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130',
  },
}
const pin = wheels[`${process.platform}-${process.arch}`]

/** The reason why zig isn't available on this machine, or false. */
export const lacking =
  pin === undefined
    ? 'needs zig, which is pinned for linux-x64'
    : hasPip()
      ? false
      : 'needs pip, to download zig'

/** The path of zig, which is downloaded once. */
export async function install() {
  onlyInFullLane('zig')
  const home = inCache('zig', version)
  if (!existsSync(home)) {
    const work = temporaryFolder()
    try {
      // Only the libraries that these targets need.
      const lib = [
        'std',
        'compiler',
        'include',
        'c',
        'libc/darwin',
        'libc/include/any-darwin',
        'ubsan_rt',
        'zig.h',
      ]
      const only = ['ziglang/zig', ...lib.map((name) => `ziglang/lib/${name}`)]
      await once(home, (folder) => unpackWheel(pin, work, folder, only))
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  }
  return join(home, 'ziglang', 'zig')
}

/** Runs zig. */
export async function zig(...args) {
  const cache = inCache('zig', 'cache')
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache }
  await execute(await install(), args, { env, maxBuffer: 64 << 20 })
}
