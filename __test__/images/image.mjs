// Writes images as OCI layouts and as `docker save` does, and unpacks their layers as a container
// engine does.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The folder of the app in the images. */
export const APP = '/srv'

const quiet = { maxBuffer: 64 << 20, encoding: 'utf8' }

/** Writes a layer: what is in the folder `from`, or only these names, at `to` in the image. */
export function writeLayer(file, from, { to = '/', names = [] } = {}) {
  const move = to === '/' ? [] : ['--transform', `flags=r;s,^\\.,.${to},`]
  const chosen = names.length > 0 ? names.map((name) => `./${name}`) : ['.']
  execFileSync('tar', ['-cf', file, ...move, '-C', from, ...chosen])
  return file
}

/**
 * Writes an image into an empty folder. The layers are moved there.
 * @param {{ node: string, architecture: string }} system
 * @param {string[]} layers tars, the lowest first
 * @returns {Promise<string[]>} the layers at their new places
 */
export async function writeImage(folder, { node, architecture }, layers) {
  const blobs = join(folder, 'blobs/sha256')
  mkdirSync(blobs, { recursive: true })
  const about = (hex, size, type) => ({
    mediaType: `application/vnd.oci.image.${type}`,
    digest: `sha256:${hex}`,
    size,
  })
  const json = (value, type) => {
    const bytes = JSON.stringify(value)
    const hex = createHash('sha256').update(bytes).digest('hex')
    writeFileSync(join(blobs, hex), bytes)
    return about(hex, bytes.length, `${type}.v1+json`)
  }
  const places = []
  const parts = []
  for (const layer of layers) {
    const hex = await hashOf(layer)
    parts.push(about(hex, statSync(layer).size, 'layer.v1.tar'))
    places.push(join(blobs, hex))
    renameSync(layer, places.at(-1))
  }
  const platform = { os: 'linux', architecture }
  const Env = [`PATH=${dirname(node)}:/usr/bin`]
  const config = { Env, WorkingDir: APP, Cmd: ['node', 'index.js'] }
  const settings = json({ ...platform, config }, 'config')
  const manifest = json({ schemaVersion: 2, config: settings, layers: parts }, 'manifest')
  const index = { schemaVersion: 2, manifests: [{ ...manifest, platform }] }
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index))
  const pathOf = (hex) => `blobs/sha256/${hex}`
  const docker = [
    {
      Config: pathOf(settings.digest.slice('sha256:'.length)),
      RepoTags: ['app:latest'],
      Layers: places.map((place) => pathOf(basename(place))),
    },
  ]
  writeFileSync(join(folder, DOCKER), JSON.stringify(docker))
  return places
}

const DOCKER = 'manifest.json'

/** Writes the tar of `docker save`, in its form before OCI, from a folder of {@link writeImage}. */
export function saveImage(folder, file) {
  execFileSync('tar', ['-cf', file, '-C', folder, DOCKER, 'blobs'])
}

async function hashOf(file) {
  const hash = createHash('sha256')
  for await (const part of createReadStream(file)) hash.update(part)
  return hash.digest('hex')
}

const REMOVED = '.wh.'
const OPAQUE = '.wh..wh..opq'

/**
 * Unpacks layers onto each other. A file `.wh.x` removes `x` of the layers below, and `.wh..wh..opq`
 * everything of them in its folder.
 */
export function unpackLayers(root, layers) {
  mkdirSync(root, { recursive: true })
  for (const layer of layers) {
    const entries = execFileSync('tar', ['-tf', layer], quiet).split('\n')
    for (const entry of entries.filter((one) => basename(one).startsWith(REMOVED))) {
      const [folder, name] = [join(root, dirname(entry)), basename(entry)]
      const removed = name === OPAQUE ? readdirSync(folder) : [name.slice(REMOVED.length)]
      for (const one of removed) rmSync(join(folder, one), { recursive: true, force: true })
    }
    const except = `--exclude=${REMOVED}*`
    execFileSync('tar', ['-xf', layer, '-C', root, '--no-same-owner', '-p', except], quiet)
  }
}
