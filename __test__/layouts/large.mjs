// The large app (large/package.json): more than a thousand packages, more than thirty native ones,
// seven of them compiled.
import { forCompiling } from './compiling.mjs'
import { fixture, installed } from './installed.mjs'

const files = fixture('large')
export const manifest = JSON.parse(files['package.json'])

/**
 * The packages that may run their scripts, in each manager's configuration; Bun reads
 * `trustedDependencies`.
 */
const settings = {
  pnpm10: { onlyBuiltDependencies: manifest.trustedDependencies },
  yarn4: { enableScripts: true },
}

/** The layouts in which it is installed. Compiling takes one to three minutes in each. */
export const layouts = [
  'npm11-hoisted',
  'pnpm10-isolated',
  'yarn1-hoisted',
  'yarn4-node-modules',
  'yarn4-pnp',
  'bun-hoisted',
]

/** The app's folder. With `scripts: false` nothing is compiled, as if scripts were disabled. */
export async function largeApp(layout, { scripts = true } = {}) {
  const env = scripts ? await forCompiling() : {}
  return installed(layout, files, { scripts, settings: settings[layout.split('-')[0]], env })
}

/** The app's direct dependencies without an addon. */
const plain = ['node-gyp', 'react', 'react-scripts', 'ws']

/** Every native package, and the path to it. */
export const reached = [
  ...[...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]
    .filter((name) => !plain.includes(name))
    .map((name) => ({ via: [], name })),
  { via: ['cbor-x'], name: 'cbor-extract' },
  { via: ['msgpackr'], name: 'msgpackr-extract' },
  { via: ['ssh2'], name: 'cpu-features' },
]
