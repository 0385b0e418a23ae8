// What is timed: a release build.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The package with a release build, apart from the checkout's debug build. */
export function releasePackage() {
  const folder = join(root, 'target', 'bench')
  mkdirSync(folder, { recursive: true })
  const build = ['napi', 'build', '--platform', '--release', '--no-js', '--output-dir', folder]
  execFileSync('npx', build, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const name of ['package.json', ...files])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  return folder
}
