// The struct of a V8 addon in Mach-O files, for both formats in which dyld finds pointers: no
// published addon has one with chained fixups, so clang and lld create them. Without these two
// tools (Debian: clang, lld) nothing is compared, and the test reports that.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkAbi } from '../index.js'
import { temporaryFolder } from '../scripts/support/cache.mjs'

const source = fileURLToPath(new URL('./fixtures/addon.c', import.meta.url))

/** The first name of a program, with or without a version, that can be run. */
function find(program) {
  const names = [program, ...Array.from({ length: 10 }, (_, index) => `${program}-${24 - index}`)]
  return names.find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined,
  )
}

const clang = find('clang')
const linker = find('ld64.lld')
const skip = clang && linker ? false : 'needs clang and ld64.lld'

describe('Mach-O', { skip }, () => {
  for (const arch of ['arm64', 'x86_64']) {
    for (const fixups of ['fixup_chains', 'no_fixup_chains']) {
      test(`gives the ABI of an ${arch} addon linked with -${fixups}`, () => {
        const folder = temporaryFolder()
        try {
          const [object, file] = [join(folder, 'addon.o'), join(folder, 'addon.node')]
          const compile = ['-target', `${arch}-apple-macos13`, '-DCTOR=108', '-DCTX', '-DSYM=108']
          execFileSync(clang, [...compile, '-c', source, '-o', object])
          const link = ['-bundle', '-arch', arch, '-platform_version', 'macos', '13.0', '13.0']
          execFileSync(linker, [
            ...link,
            '-undefined',
            'dynamic_lookup',
            `-${fixups}`,
            object,
            '-o',
            file,
          ])
          const nodeArch = arch === 'arm64' ? 'arm64' : 'x64'
          const { binary, addon, outcome } = checkAbi(file, {
            target: `node@18/darwin-${nodeArch}`,
          })
          assert.deepEqual(
            [binary.format, binary.platform, binary.arch],
            ['mach-o', 'darwin', nodeArch],
          )
          assert.deepEqual([addon.api, addon.abi, addon.contextAware], ['v8', 108, true])
          assert.equal(outcome, 'loads')
          assert.equal(checkAbi(file, { target: `node@20/darwin-${nodeArch}` }).outcome, 'throws')
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      })
    }
  }
})
