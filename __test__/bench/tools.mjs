// The other programs, pinned and in the cache folder.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinned } from '../../scripts/support/cache.mjs'
import { unpackDebian } from '../../scripts/support/debian.mjs'
import { hasPip, unpackWheel } from '../../scripts/support/wheels.mjs'
import { installedIn } from '../runners/install.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))

// Besides libc, fd only needs libgcc_s, which Node.js needs, too.
const FD = [
  {
    package: 'fd-find=8.6.0-3',
    sha256: '1c0af4b1c6727ee8a8cc3a674cce7919aeb070d7017620d8fdc528739cefb333',
  },
]
const LIEF = {
  package: 'lief==0.16.6',
  platform: 'manylinux_2_28_x86_64',
  sha256: '5ccbc90ebdda7e417ccac268eb3976bfb0078786fa63a634e57e8c3b3efca179',
}

/** The executable of fd. */
export async function fd() {
  const folder = await pinned('bench', 'fd', FD, (into, work) =>
    unpackDebian('bookworm', FD, work, into),
  )
  return join(folder, 'usr/lib/cargo/bin/fd')
}

/** The folder of LIEF, for PYTHONPATH. */
export async function lief() {
  if (!hasPip()) throw new Error('there is no Python with pip')
  return pinned('bench', 'lief', LIEF, (into, work) => unpackWheel(LIEF, work, into))
}

/** The node_modules with @electron/rebuild. */
export const electronRebuild = async () => join(await installedIn(here, 'tools'), 'node_modules')

/**
 * Installs a program. Its rows can't be measured without it, but the others can.
 * @param {() => Promise<string>} install
 * @returns {Promise<{ place?: string, reason?: string }>}
 */
export async function tryInstall(install) {
  try {
    return { place: await install() }
  } catch (error) {
    return { reason: error.message.split('\n')[0] }
  }
}
