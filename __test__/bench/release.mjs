// What is timed: a release build.
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The package with a release build, apart from the checkout's debug build. */
export function releasePackage() {
  const folder = join(root, 'target', 'bench')
  mkdirSync(folder, { recursive: true })
  const build = ['napi', 'build', '--platform', '--release', '--no-js', '--output-dir', folder]
  execFileSync('npx', build, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  for (const name of ['index.js', 'promises.js', 'cli.js', 'package.json']) {
    copyFileSync(join(root, name), join(folder, name))
  }
  cpSync(join(root, 'lib'), join(folder, 'lib'), { recursive: true })
  return folder
}
