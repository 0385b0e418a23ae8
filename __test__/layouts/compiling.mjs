// The requirements of install scripts that compile addons: node-gyp, and the headers of the running
// Node.js from its npm package.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pins as nodes, versions } from '../../scripts/support/matrix/index.mjs'
import { inCache, once, temporaryFolder } from '../../scripts/support/cache.mjs'
import { onlyInFullLane } from '../../scripts/support/lane.mjs'
import { download, unpack } from '../../scripts/support/registry.mjs'
import { folderOf, pins } from './managers.mjs'

/**
 * The newest pinned release in the line of the running Node.js: its headers are those of the same
 * ABI.
 */
function release() {
  const [major] = process.versions.node.split('.')
  const found = versions('all').filter((version) => version.startsWith(`${major}.`))
  if (found.length === 0)
    throw new Error(`nodes.json has no release of Node.js ${major}, whose headers are needed`)
  return found.includes(process.versions.node) ? process.versions.node : found.at(-1)
}

/** A folder with the headers of a pinned release in include/node, for node-gyp's `nodedir`. */
async function headers(version) {
  onlyInFullLane(`the headers of Node.js ${version}`)
  const work = temporaryFolder()
  try {
    return await once(inCache('layouts', `headers-${version}`), async (folder) => {
      const pin = { package: `${nodes.package}@${version}`, integrity: nodes.integrity[version] }
      const [{ tarball }] = await download([pin], work)
      await unpack(tarball, folder, 'include')
    })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The environment for installing with scripts, which compile for a pinned release of Node.js. */
export async function forCompiling(version = release()) {
  const npm = await folderOf(pins.npm11)
  // The path of Python itself, not of a shim: the shims of version managers need the user's home,
  // and the installation has another one.
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
    encoding: 'utf8',
  }).trim()
  return {
    npm_config_nodedir: await headers(version),
    npm_config_node_gyp: join(npm, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
    npm_config_python: python,
    PYTHON: python,
    PATH: [
      join(npm, 'node_modules', '@npmcli', 'run-script', 'lib', 'node-gyp-bin'),
      process.env.PATH,
    ].join(delimiter),
  }
}
