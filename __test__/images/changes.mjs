// A layer that changes an app: it removes the files of one package, replaces those of another, and
// moves a third behind a link.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { APP } from './image.mjs'

/**
 * @param {string} folder an empty folder, which becomes the layer
 * @param {{ root: string, architecture: string }} where the installed app, and the image's processor
 * @param {string[]} packages the names of those that are compared
 * @returns {{ removed: string, replaced: string, moved: string }} the names of the packages
 */
export function writeChanges(folder, { root, architecture }, packages) {
  const [own, other] = architecture === 'arm64' ? ['arm64', 'x64'] : ['x64', 'arm64']
  const prebuilds = (name, arch) => join(root, 'node_modules', name, 'prebuilds', `linux-${arch}`)
  const isPrebuilt = (name) => [own, other].every((arch) => existsSync(prebuilds(name, arch)))
  const [removed, replaced, moved] = packages.filter(isPrebuilt)
  const placeOf = (name) => join(folder, APP, 'node_modules', name)

  const without = join(placeOf(removed), 'prebuilds')
  mkdirSync(without, { recursive: true })
  writeFileSync(join(without, `.wh.linux-${own}`), '')

  const wrong = join(placeOf(replaced), 'prebuilds', `linux-${own}`)
  mkdirSync(wrong, { recursive: true })
  writeFileSync(join(wrong, '.wh..wh..opq'), '')
  const [foreign] = readdirSync(prebuilds(replaced, other))
  for (const name of readdirSync(prebuilds(replaced, own)))
    copyFileSync(join(prebuilds(replaced, other), foreign), join(wrong, name))

  const place = placeOf(moved)
  const hidden = `.wh.${moved.split('/').at(-1)}`
  mkdirSync(dirname(place), { recursive: true })
  writeFileSync(join(dirname(place), hidden), '')
  const target = join(APP, 'other', 'node_modules', moved)
  cpSync(join(root, 'node_modules', moved), join(folder, target), { recursive: true })
  return { removed, replaced, moved, link: { path: join(APP, 'node_modules', moved), target } }
}

/** Creates the link of a moved package, in a layer after the one that removes the package. */
export function writeLink(folder, { path, target }) {
  mkdirSync(join(folder, dirname(path)), { recursive: true })
  symlinkSync(target, join(folder, path))
}
