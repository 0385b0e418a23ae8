// A project with packages of every kind, for the tests of SBOMs.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyOf, project, withBindings } from '../support/project.mjs'

const prebuilds = fileURLToPath(
  new URL('../../node_modules/bufferutil/prebuilds/', import.meta.url),
)

/** A published addon for a system. */
export const addon = (system) => join(prebuilds, system, 'bufferutil.node')

/** The runtime that the project is checked for. */
export const target = 'node@20.20.2/linux-x64-glibc2.36'

/** The project. */
export const app = (t) =>
  project(t, {
    'package.json': {
      name: 'app',
      version: '2.0.0',
      dependencies: { one: '1', middle: '1' },
      optionalDependencies: { '@scope/two': '1' },
      devDependencies: { tool: '1' },
    },
    ...withBindings('one', copyOf(addon('linux-x64')), '1.0.0-rc.1+build'),
    'node_modules/middle/package.json': { name: 'middle', dependencies: { one: '1' } },
    ...Object.fromEntries(
      Object.entries(withBindings('one', copyOf(addon('linux-x64')), '1.0.0-rc.1+build')).map(
        ([path, content]) => [`node_modules/middle/${path}`, content],
      ),
    ),
    ...withBindings('@scope/two', copyOf(addon('darwin-arm64'))),
    'node_modules/@scope/two/prebuilds/win32-x64/x.node': copyOf(addon('win32-x64')),
    ...withBindings('tool', 'not an addon', null),
  })

/** The reference of a package's file. */
export const file = (name, path = 'build/Release/x.node') => `file:node_modules/${name}/${path}`
