// Images of containers, made from the running Node.js and the libraries of this system.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { end, entry } from './tar.mjs'

export const folder = (name) => entry(`${name}/`, '', { type: '5' })
export const link = (name, target) => entry(name, '', { type: '2', link: target })
export const hardLink = (name, target) => entry(name, '', { type: '1', link: target })
export const layer = (...entries) => Buffer.concat([...entries, end])

/** The place of Node.js in these images. */
export const NODE = 'usr/local/bin/node'

/**
 * A layer with Node.js and the libraries that it needs, at their places in this system. `merged`:
 * `/lib` and `/lib64` are links into `/usr`, as in most distributions.
 */
export function systemLayer({ merged = false } = {}) {
  const executable = realpathSync(process.execPath)
  const needed = execFileSync('ldd', [executable], { encoding: 'utf8' })
  const libraries = [...needed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path)
  const placeOf = (path) => (merged ? `usr/${path.replace(/^\/(usr\/)?/, '')}` : path.slice(1))
  const copy = (path) => entry(placeOf(path), readFileSync(path))
  const links = merged ? ['lib', 'lib64'].map((name) => link(name, `usr/${name}`)) : []
  return layer(entry(NODE, readFileSync(executable)), ...libraries.map(copy), ...links)
}

/** A layer with these files, path → content. */
export const filesLayer = (files) =>
  layer(
    ...Object.entries(files).map(([name, content]) =>
      entry(
        name,
        typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
      ),
    ),
  )

const CONFIG = { Env: ['PATH=/usr/local/bin:/usr/bin'], WorkingDir: '/srv', Cmd: ['node', '.'] }

/**
 * The files of an OCI image layout, path → bytes. They include what `docker save` adds.
 * @param {{ layers: Buffer[], config?: object, architecture?: string }[]} images
 */
export function layoutOf(...images) {
  const files = {}
  const put = (bytes, type) => {
    const hex = createHash('sha256').update(bytes).digest('hex')
    files[`blobs/sha256/${hex}`] = bytes
    return { mediaType: type, digest: `sha256:${hex}`, size: bytes.length }
  }
  const json = (value, type) => put(Buffer.from(JSON.stringify(value)), type)
  const docker = []
  const manifests = images.map(({ layers, config = CONFIG, architecture = 'amd64' }) => {
    const system = { os: 'linux', architecture }
    const about = json({ ...system, config }, 'application/vnd.oci.image.config.v1+json')
    const parts = layers.map((bytes) => put(bytes, 'application/vnd.oci.image.layer.v1.tar'))
    const place = ({ digest }) => `blobs/sha256/${digest.slice(7)}`
    docker.push({ Config: place(about), RepoTags: ['app:1'], Layers: parts.map(place) })
    const manifest = { schemaVersion: 2, config: about, layers: parts }
    const type = 'application/vnd.oci.image.manifest.v1+json'
    return { ...json(manifest, type), platform: system }
  })
  files['oci-layout'] = Buffer.from('{"imageLayoutVersion":"1.0.0"}')
  files['index.json'] = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }))
  files['manifest.json'] = Buffer.from(JSON.stringify(docker))
  return files
}

/** The files as a tar. */
export const tarOf = (files) =>
  layer(...Object.entries(files).map(([name, bytes]) => entry(name, bytes)))

/** Writes the files into a folder. */
export function writeLayout(root, files) {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), bytes)
  }
  return root
}

/** The bytes in each compression that this system has: name → function. */
export function compressions() {
  const all = { none: (bytes) => bytes, gzip: (bytes) => gzipSync(bytes, { level: 1 }) }
  try {
    execFileSync('zstd', ['--version'], { stdio: 'ignore' })
    all.zstd = (input) => execFileSync('zstd', ['-qc1'], { input, maxBuffer: 1 << 30 })
  } catch {
    // Not installed here.
  }
  return all
}
