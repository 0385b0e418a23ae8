// npm run publish:all [-- --dry-run]: publishes the platform packages, and then the root package,
// which depends on them, so that every installation finds them. All binaries are checked first, and
// nothing is published if one is wrong. Packages that are already published are skipped, so that an
// interrupted run can be repeated.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../setup.mjs'
import { inspect } from './inspect.mjs'
import { outdated } from './packages.mjs'
import { fileOf, packageOf, platforms } from './table.mjs'

/** The reason why nothing, or nothing more, was published. */
class PublishError extends Error {}

function npm(args, cwd) {
  const { status, stdout, stderr, error } = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return {
    ok: !error && status === 0,
    stdout,
    output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`,
  }
}

/**
 * True if the registry has this version of a package. Its answer also contains the version if it
 * has none, so only a success counts.
 */
export function isPublished(name, version) {
  const { ok, stdout } = npm(['view', `${name}@${version}`, 'version'], root)
  return ok && stdout.trim() === version
}

/** The reasons why a release would be wrong, as sentences. */
function wrongInRelease() {
  const stale = outdated().map(([name]) => `${name} isn't up to date: run "npm run packages"`)
  const wrong = platforms.flatMap((one) =>
    inspect(one, join(root, 'npm', one.name, fileOf(one))).wrong.map(
      (sentence) => `${one.name}: ${sentence}`,
    ),
  )
  return [...stale, ...wrong]
}

function publish(name, version, folder, isTrial) {
  if (!isTrial && isPublished(name, version)) {
    console.log(`${name}@${version}: is published already`)
    return
  }
  // The binaries have been checked; scripts would only check them again. npm can prove the place of
  // a build only on GitHub's machines.
  const how = isTrial ? ['--dry-run'] : process.env.GITHUB_ACTIONS ? ['--provenance'] : []
  const args = ['publish', '--ignore-scripts', '--access', 'public', ...how]
  const { ok, output } = npm(args, folder)
  if (!ok) throw new PublishError(`${name}@${version}: npm ${args.join(' ')} failed:\n${output}`)
  console.log(`${name}@${version}: ${isTrial ? 'would be published' : 'published'}`)
}

function main(isTrial) {
  const wrong = wrongInRelease()
  if (wrong.length > 0) throw new PublishError(wrong.join('\n'))
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const one of platforms)
    publish(packageOf(one), version, join(root, 'npm', one.name), isTrial)
  publish(name, version, root, isTrial)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv.includes('--dry-run'))
  } catch (error) {
    if (!(error instanceof PublishError)) throw error
    console.error(`publish: ${error.message}`)
    process.exitCode = 1
  }
}
