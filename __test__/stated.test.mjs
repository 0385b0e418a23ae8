// The forms in which names state a target, with one row for each. All rows are paths of published
// packages.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stated } from '../scripts/support/corpus/stated.mjs'

const rows = [
  // package, path, ABI, platform, architecture, libc
  [
    '@datadog/pprof',
    'prebuilds/linux-x64/dd_pprof.musl.node.abi108.node',
    108,
    'linux',
    'x64',
    'musl',
  ],
  ['@datadog/pprof', 'prebuilds/darwin-arm64/node-93.node', 93, 'darwin', 'arm64', null],
  ['sodium-native', 'prebuilds/linux-x64/electron-47.node', 47, 'linux', 'x64', null],
  ['sodium-native', 'prebuilds/win32-ia32/electron.abi80.node', 80, 'win32', 'ia32', null],
  ['fibers', 'bin/linux-x64-72-musl/fibers.node', 72, 'linux', 'x64', 'musl'],
  ['fibers', 'bin/win32-ia32-57/fibers.node', 57, 'win32', 'ia32', null],
  ['deasync', 'bin/linux-ia32-node-0.10/deasync.node', 11, 'linux', 'ia32', null],
  ['deasync', 'bin/darwin-x64-node-8/deasync.node', 57, 'darwin', 'x64', null],
  ['deasync', 'bin/linux-x64-node-0.11/deasync.node', null, 'linux', 'x64', null], // 0.11 had several ABIs
  ['@contrast/distringuish-prebuilt', 'linux-12/distringuish.node', 72, 'linux', null, null],
  [
    '@newrelic/fn-inspect',
    'prebuilds/linux-arm64/@newrelic+fn-inspect.abi137.uv1.armv8.glibc.node',
    137,
    'linux',
    'arm64',
    'glibc',
  ],
  [
    '@contrast/fn-inspect',
    'prebuilds/darwin-x64+arm64/node.abi72.node',
    72,
    'darwin',
    'x64+arm64',
    null,
  ],
  [
    '@sentry-internal/node-cpu-profiler',
    'lib/sentry_cpu_profiler-linux-arm64-glibc-115.node',
    115,
    'linux',
    'arm64',
    'glibc',
  ],
  [
    '@sentry-internal/node-cpu-profiler',
    'lib/sentry_cpu_profiler-win32-x64-127.node',
    127,
    'win32',
    'x64',
    null,
  ],
  ['uws', 'uws_linux_46.node', 46, 'linux', null, null],
  ['@based/uws', 'uws_darwin_arm64_115.node', 115, 'darwin', 'arm64', null],
  ['stackimpact', 'addons/linux-x64/stackimpact-addon-v57.node', 57, 'linux', 'x64', null],
  ['@instana/autoprofile', 'addons/linux/x64/musl/83/autoprofile.node', 83, 'linux', 'x64', 'musl'],
  ['zeromq', 'build/win32/x64/node/msvc-115-Release/addon.node', 115, 'win32', 'x64', null],
  ['edge-js', 'lib/native/win32/ia32/14.17.4/edge_coreclr.node', 83, 'win32', 'ia32', null],
  ['electron-edge-js', 'lib/native/darwin/x64/32/edge_nativeclr.node', 128, 'darwin', 'x64', null],
  [
    '@datadog/native-appsec',
    'prebuilds/linuxmusl-x64/node-napi.node',
    null,
    'linux',
    'x64',
    'musl',
  ],
  ['node-hid', 'prebuilds/HID-linux-arm/node-napi-v4.node', null, 'linux', 'arm', null],
  ['argon2', 'prebuilds/win32-x64/argon2.glibc.node', null, 'win32', 'x64', null], // prebuildify also writes a libc there
  ['@libsql/linux-arm-gnueabihf', 'index.node', null, 'linux', 'arm', 'glibc'],
  [
    '@mariozechner/clipboard-darwin-universal',
    'clipboard.darwin-universal.node',
    null,
    'darwin',
    'x64+arm64',
    null,
  ],
  ['tigerbeetle-node', 'dist/bin/x86_64-linux-musl/client.node', null, 'linux', 'x64', 'musl'],
  ['bufferutil', 'build/Release/bufferutil.node', null, null, null, null],
]

test('reads every form in which a name states a target', () => {
  for (const [name, path, abi, platform, arch, libc] of rows) {
    const { form, ...rest } = stated(name, path)
    assert.deepEqual(rest, { abi, platform, arch, libc }, path)
    assert.equal(form === null, abi === null, path)
  }
})
