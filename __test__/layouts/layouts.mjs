// Every layout that a package manager can install: its settings files and its arguments. The names
// are `manager-linker`; `pnp` means that .pnp.cjs locates the packages, and not node_modules.
// `system` makes an installation for another system: it returns `args` for the command, or
// `settings` for the files.

const npm = (strategy) => ({
  files: () => ({ '.npmrc': `install-strategy=${strategy}\n` }),
  args: ['install', '--loglevel=error'],
  noScripts: ['--ignore-scripts'],
  system: ({ os, cpu, libc }) => ({
    args: [`--os=${os}`, `--cpu=${cpu}`, ...(libc ? [`--libc=${libc}`] : [])],
  }),
})

/**
 * pnpm reads its settings from pnpm-workspace.yaml, which also marks the root of a project. Since
 * version 11, it reads them only there.
 */
const pnpm = (settings) => ({
  files: ({ overrides, workspaces }, more) => ({
    'pnpm-workspace.yaml': yaml({
      ...settings,
      ...more,
      ...(overrides && { overrides }),
      ...(workspaces && { packages: workspaces }),
    }),
  }),
  args: ['install', '--no-frozen-lockfile', '--reporter=append-only'],
  noScripts: ['--ignore-scripts'],
  system: architectures,
})

/**
 * Yarn's cache is inside of the project, so that the project can be copied. The empty lockfile
 * keeps Yarn from searching the parent folders for one.
 */
const yarn = (settings) => ({
  files: (_manifest, more) => ({
    'yarn.lock': '',
    '.yarnrc.yml': yaml({
      enableGlobalCache: false,
      enableImmutableInstalls: false,
      enableMirror: true,
      ...settings,
      ...more,
    }),
  }),
  args: ['install'],
  noScripts: ['--mode=skip-build'],
  system: architectures,
})

const bun = (linker) => ({
  files: () => ({ 'bunfig.toml': `[install]\nlinker = "${linker}"\n` }),
  args: ['install', '--no-progress'],
  noScripts: ['--ignore-scripts'],
  system: ({ os, cpu }) => ({ args: [`--os=${os}`, `--cpu=${cpu}`] }),
})

/** The settings of pnpm and Yarn for another system. */
function architectures({ os, cpu, libc = 'glibc' }) {
  return { settings: { supportedArchitectures: { os: [os], cpu: [cpu], libc: [libc] } } }
}

const yaml = (settings) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('')

export const layouts = {
  'npm11-hoisted': { manager: 'npm11', ...npm('hoisted') },
  'npm11-nested': { manager: 'npm11', ...npm('nested') },
  'npm11-shallow': { manager: 'npm11', ...npm('shallow') },
  'npm11-linked': { manager: 'npm11', ...npm('linked') },
  'npm10-hoisted': { manager: 'npm10', ...npm('hoisted') },
  'npm12-hoisted': { manager: 'npm12', ...npm('hoisted') },
  'npm12-linked': { manager: 'npm12', ...npm('linked') },
  'pnpm10-isolated': { manager: 'pnpm10', ...pnpm({ nodeLinker: 'isolated' }) },
  'pnpm10-hoisted': { manager: 'pnpm10', ...pnpm({ nodeLinker: 'hoisted' }) },
  'pnpm10-global': { manager: 'pnpm10', ...pnpm({ enableGlobalVirtualStore: true }) },
  'pnpm10-pnp': { manager: 'pnpm10', pnp: true, ...pnpm({ nodeLinker: 'pnp', symlink: false }) },
  'pnpm12-isolated': { manager: 'pnpm12', ...pnpm({ nodeLinker: 'isolated' }) },
  'pnpm12-hoisted': { manager: 'pnpm12', ...pnpm({ nodeLinker: 'hoisted' }) },
  'pnpm12-global': { manager: 'pnpm12', ...pnpm({ enableGlobalVirtualStore: true }) },
  'yarn1-hoisted': {
    manager: 'yarn1',
    files: () => ({}),
    args: ['install', '--non-interactive', '--no-progress', '--ignore-engines'],
    noScripts: ['--ignore-scripts'],
  },
  'yarn4-node-modules': { manager: 'yarn4', ...yarn({ nodeLinker: 'node-modules' }) },
  'yarn4-hoistless': {
    manager: 'yarn4',
    ...yarn({ nodeLinker: 'node-modules', nmHoistingLimits: 'dependencies' }),
  },
  'yarn4-pnp': { manager: 'yarn4', pnp: true, ...yarn({ nodeLinker: 'pnp' }) },
  'yarn4-pnp-data': {
    manager: 'yarn4',
    pnp: true,
    ...yarn({ nodeLinker: 'pnp', pnpEnableInlining: false }),
  },
  'yarn4-pnpm': { manager: 'yarn4', ...yarn({ nodeLinker: 'pnpm' }) },
  'bun-hoisted': { manager: 'bun', ...bun('hoisted') },
  'bun-isolated': { manager: 'bun', ...bun('isolated') },
}
