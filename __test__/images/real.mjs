// Requires a package in an unpacked image, with the image's own Node.js and libraries.
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readJson, temporaryFolder } from '../../scripts/support/cache.mjs'
import { resultOf, run, script } from '../trace/run.mjs'
import { APP } from './image.mjs'

const own = ['record.cjs', 'accept.cjs', 'own.cjs', 'fake.cjs']
const OURS = '/abi-guard'
const project = fileURLToPath(new URL('../..', import.meta.url))

/** Adds to an unpacked image what the loads need. */
export function prepare(root, { emulator }) {
  mkdirSync(join(root, OURS), { recursive: true })
  for (const name of ['tmp', 'proc']) mkdirSync(join(root, name), { recursive: true })
  for (const name of own)
    copyFileSync(
      fileURLToPath(new URL(`../trace/${name}`, import.meta.url)),
      join(root, OURS, name),
    )
  if (emulator) copyFileSync(emulator, join(root, OURS, 'emulator'))
}

/** Runs a script of the image in it. @returns the way in which it ended */
async function start(root, { node, emulator }, args, env) {
  const folder = temporaryFolder()
  try {
    const started = emulator ? [join(OURS, 'emulator'), node] : [node]
    // In namespaces of its own, so that nobody needs to be root. Loaders need /proc.
    const enter = 'mount --rbind /proc "$0/proc" && exec chroot "$0" "$@"'
    const all = ['-r', '-m', 'sh', '-c', enter, root, ...started, ...args]
    return await run('unshare', all, root, folder, { HOME: '/tmp', ...env })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The result of trace/run.mjs, with the paths of the image. */
export async function requireIn(root, system, about) {
  const id = about.name.replace(/\W+/g, '-')
  const log = join(OURS, `${id}.log`)
  const main = join(APP, `main-${id}.cjs`)
  writeFileSync(join(root, main), script(about))
  const flags = ['--require', join(OURS, 'record.cjs'), ...(about.flags ?? [])]
  const env = { ...about.env, ABI_GUARD_TRACE: log, ABI_GUARD_PACKAGE: about.real }
  const ended = await start(root, system, [...flags, main], env)
  return resultOf(join(root, log), ended)
}

/**
 * The report of abi-guard itself in the image, or `null` where this build of it can't be loaded
 * (another processor or libc, an older glibc).
 */
export async function scanIn(root, system) {
  const folder = join(root, OURS, 'package')
  mkdirSync(folder, { recursive: true })
  const names = readdirSync(project).filter((name) =>
    /^(index\.js|lib|package\.json)$|\.node$/.test(name),
  )
  for (const name of names) cpSync(join(project, name), join(folder, name), { recursive: true })
  const answer = join(OURS, 'report.json')
  const main = join(OURS, 'scan.cjs')
  const scan = `require('${OURS}/package').scanNodeModules('${APP}')`
  writeFileSync(
    join(root, main),
    `require('fs').writeFileSync('${answer}', JSON.stringify(${scan}))`,
  )
  await start(root, system, [main], {})
  return readJson(join(root, answer), null)
}
