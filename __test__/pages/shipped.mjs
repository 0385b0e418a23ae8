// A file of each kind that `abi-guard check` opens, with the same app.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { compile } from '../fixtures/compile.mjs'
import { debian } from '../support/debian.mjs'
import { filesLayer, layoutOf, systemLayer, tarOf } from '../support/image.mjs'
import { withBindings } from '../support/project.mjs'
import { zip, zipped } from '../support/zip.mjs'

/** Name → bytes. */
export async function shippedFiles() {
  const addon = readFileSync(await compile('napi', { NAPISYM: true }))
  const app = {
    'package.json': JSON.stringify({ name: 'app', dependencies: { native: '1.2.3' } }),
    ...Object.fromEntries(
      Object.entries(withBindings('native', addon)).map(([name, content]) => [
        name,
        typeof content === 'object' && !Buffer.isBuffer(content)
          ? JSON.stringify(content)
          : content,
      ]),
    ),
  }
  const below = (place) =>
    Object.fromEntries(Object.entries(app).map(([name, content]) => [place + name, content]))
  const zipOf = (files) => zip(Object.entries(files).map(([name, bytes]) => zipped(name, bytes)))
  const server = { type: 'node', entry_point: 'index.js' }
  const bundle = { server, compatibility: { platforms: ['linux'] } }
  const electron = {
    'opt/app/libffmpeg.so': addon,
    'opt/app/version': '30.0.0',
    ...below('opt/app/resources/app/'),
  }
  return {
    'image.tar': tarOf(layoutOf({ layers: [systemLayer(), filesLayer(below('srv/'))] })),
    'function.zip': zipOf(app),
    'extension.vsix': zipOf({
      'extension.vsixmanifest': '<PackageManifest><Identity TargetPlatform="linux-x64"/>',
      ...below('extension/'),
    }),
    'server.mcpb': zipOf({ 'manifest.json': JSON.stringify(bundle), ...app }),
    'app.deb': debian(filesLayer(electron), 'data.tar.gz', (tar) => gzipSync(tar)),
  }
}
