// The .node files of the corpus, each with the claims in its name.
import { existsSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { nameAndVersion, packageFolder, pinsNamed, rootFolder } from './pins.mjs'
import { stated } from './stated.mjs'

export { groups } from './pins.mjs'

/**
 * Every `.node` file of a group's packages, or of some of them, sorted by package and path.
 * @returns {{ file: string, root: string, package: string, version: string, relative: string,
 *   statedAbi: number | null, statedForm: string | null, statedPlatform: string | null, statedArch:
 *   string | null, statedLibc: string | null }[]} `root`: the folder with the package and the
 *   libraries to which its addon may link; `relative`: the path in the package, with `/`
 */
export function listFiles(group = 'small', names = []) {
  return pinsNamed(group, names).flatMap((pin) => {
    const root = rootFolder(pin)
    if (!existsSync(root))
      throw new Error(
        `${pin.package} not installed: run "node scripts/support/corpus/install.mjs ${group}"`,
      )
    const folder = packageFolder(root, pin)
    const { name, version } = nameAndVersion(pin)
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.node'))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .sort()
      .map((file) => {
        const relative = file
          .slice(folder.length + 1)
          .split(sep)
          .join('/')
        const { abi, form, platform, arch, libc } = stated(name, relative)
        const claims = {
          statedAbi: abi,
          statedForm: form,
          statedPlatform: platform,
          statedArch: arch,
          statedLibc: libc,
        }
        return { file, root, package: name, version, relative, ...claims }
      })
  })
}
