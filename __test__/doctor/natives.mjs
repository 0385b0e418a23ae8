// Packages with real addons, for projects that the doctor examines.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyOf, published } from '../support/project.mjs'

const bufferutil = fileURLToPath(new URL('../../node_modules/bufferutil/', import.meta.url))

/**
 * Files of projects, by the kind of their native code:
 * - `stable`: bufferutil, which uses Node-API and contains its file
 * - `tied`: a profiler for Node.js 20 only, in the folder into which an install script downloads or
 *   compiles its file
 * - `musl`: an addon in the package itself, for glibc only
 * - `compiled`: an addon for Node-API that each installation compiles
 * - `platform`: an addon in an optional package for the platform
 * - `none`: packages without native code
 * @returns {Promise<Record<string, Record<string, unknown>>>}
 */
export async function natives() {
  const find = await published('@datadog/pprof', '@node-rs/crc32-linux-x64-gnu')
  const tied = find('@datadog/pprof', 'prebuilds/linux-x64/dd_pprof.node.abi115.node')
  const napi = find('@node-rs/crc32-linux-x64-gnu', 'crc32.linux-x64-gnu.node')
  const stable = {
    'package.json': { name: 'app', dependencies: { bufferutil: '^4.0.0' } },
    'node_modules/bufferutil/package.json': {
      name: 'bufferutil',
      version: '4.1.0',
      main: 'index.js',
      scripts: { install: 'node-gyp-build' },
      dependencies: { 'node-gyp-build': '^4.3.0' },
    },
    'node_modules/bufferutil/index.js': "module.exports = require('node-gyp-build')(__dirname)\n",
    'node_modules/bufferutil/binding.gyp': "{ 'targets': [] }",
    'node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node': copyOf(
      join(bufferutil, 'prebuilds', 'linux-x64', 'bufferutil.node'),
    ),
  }
  return {
    stable,
    musl: {
      'package.json': { name: 'app', dependencies: { metrics: '^1.0.0' } },
      'node_modules/metrics/package.json': {
        name: 'metrics',
        version: '1.2.3',
        scripts: { install: 'node-gyp-build' },
        dependencies: { 'node-gyp-build': '^4.3.0' },
      },
      'node_modules/metrics/index.js': "module.exports = require('node-gyp-build')(__dirname)\n",
      'node_modules/metrics/binding.gyp': "{ 'targets': [] }",
      'node_modules/metrics/prebuilds/linux-x64/metrics.glibc.node': copyOf(
        join(bufferutil, 'prebuilds', 'linux-x64', 'bufferutil.node'),
      ),
    },
    tied: {
      ...stable,
      'package.json': { name: 'app', dependencies: { bufferutil: '^4.0.0', profiler: '^1.0.0' } },
      'node_modules/profiler/package.json': {
        name: 'profiler',
        version: '1.2.3',
        scripts: { install: 'prebuild-install || node-gyp rebuild' },
        dependencies: { bindings: '^1.5.0' },
      },
      'node_modules/profiler/index.js': "module.exports = require('bindings')('profiler')\n",
      'node_modules/profiler/binding.gyp': "{ 'targets': [] }",
      'node_modules/profiler/build/Release/profiler.node': copyOf(tied),
    },
    compiled: {
      'package.json': { name: 'app', dependencies: { codec: '^1.0.0' } },
      'node_modules/codec/package.json': {
        name: 'codec',
        version: '1.2.3',
        scripts: { install: 'node-gyp rebuild' },
      },
      'node_modules/codec/index.js': "module.exports = require('./build/Release/codec.node')\n",
      'node_modules/codec/binding.gyp': "{ 'targets': [] }",
      'node_modules/codec/build/Release/codec.node': copyOf(
        join(bufferutil, 'prebuilds', 'linux-x64', 'bufferutil.node'),
      ),
    },
    platform: {
      'package.json': { name: 'app', dependencies: { '@node-rs/crc32': '^1.0.0' } },
      'node_modules/@node-rs/crc32/package.json': {
        name: '@node-rs/crc32',
        version: '1.10.8',
        optionalDependencies: {
          '@node-rs/crc32-darwin-arm64': '1.10.8',
          '@node-rs/crc32-linux-x64-gnu': '1.10.8',
          '@node-rs/crc32-win32-x64-msvc': '1.10.8',
        },
      },
      'node_modules/@node-rs/crc32/index.js':
        "module.exports = require('@node-rs/crc32-linux-x64-gnu')\n",
      'node_modules/@node-rs/crc32-linux-x64-gnu/package.json': {
        name: '@node-rs/crc32-linux-x64-gnu',
        version: '1.10.8',
        main: 'crc32.linux-x64-gnu.node',
        os: ['linux'],
        cpu: ['x64'],
        libc: ['glibc'],
      },
      'node_modules/@node-rs/crc32-linux-x64-gnu/crc32.linux-x64-gnu.node': copyOf(napi),
    },
    none: {
      'package.json': { name: 'app', dependencies: { ms: '2' } },
      'node_modules/ms/package.json': { name: 'ms', version: '2.1.3' },
    },
  }
}
