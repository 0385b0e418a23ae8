// Updates the platform packages in npm/ from the table and the root package.json: names, systems,
// and one version for all. `--check` changes nothing and prints the differences. `npm version` runs
// it, so that a version is changed in one place.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../setup.mjs'
import { fileOf, packageOf, platforms } from './table.mjs'

const read = (name) => readFileSync(join(root, name), 'utf8')

/** Every file that depends on the table or the version: its path below the root → its text. */
function files() {
  const manifest = JSON.parse(read('package.json'))
  const { version } = manifest
  const wanted = {}
  for (const one of platforms) {
    const folder = `npm/${one.name}`
    wanted[`${folder}/package.json`] = `${JSON.stringify(packageJson(one, manifest), null, 2)}\n`
    wanted[`${folder}/README.md`] = readme(one)
    wanted[`${folder}/LICENSE`] = read('LICENSE')
  }
  wanted['package.json'] = withVersions(read('package.json'), version)
  wanted['package-lock.json'] = locked(version)
  wanted['Cargo.toml'] = read('Cargo.toml').replace(/^version = ".*"$/m, `version = "${version}"`)
  wanted['Cargo.lock'] = read('Cargo.lock').replace(
    /(name = "abi-guard"\nversion = )".*"/,
    `$1"${version}"`,
  )
  return wanted
}

function packageJson(one, { version, license, repository, engines }) {
  return {
    name: packageOf(one),
    version,
    description: `The binary of abi-guard for ${one.title}`,
    license,
    repository: { ...repository, directory: `npm/${one.name}` },
    main: fileOf(one),
    files: [fileOf(one)],
    engines,
    os: [one.os],
    cpu: [one.cpu],
    ...(one.libc && { libc: [one.libc] }),
    scripts: { prepack: `node ../../scripts/binary.mjs ${one.name}` },
  }
}

function readme(one) {
  return `# ${packageOf(one)}

The binary of [abi-guard](https://github.com/abi-guard/abi-guard#readme) for ${one.title} (${one.floor} or newer). It comes along with
\`abi-guard\` as an optional dependency: install that one.
`
}

/** The optional dependencies, in npm's order. */
const dependencies = (version) =>
  Object.fromEntries(platforms.map((one) => [packageOf(one), version]).sort())

/**
 * The root's package.json with its platform packages. The rest of it, and its format, are
 * unchanged.
 */
function withVersions(text, version) {
  const lines = Object.entries(dependencies(version)).map(
    ([name, value]) => `    "${name}": "${value}"`,
  )
  return text.replace(
    /"optionalDependencies": \{[^}]*\}/,
    `"optionalDependencies": {\n${lines.join(',\n')}\n  }`,
  )
}

function locked(version) {
  const lock = JSON.parse(read('package-lock.json'))
  lock.version = version
  lock.packages[''].version = version
  lock.packages[''].optionalDependencies = dependencies(version)
  return `${JSON.stringify(lock, null, 2)}\n`
}

/** The files that are not up to date. */
export function outdated() {
  return Object.entries(files()).filter(
    ([name, text]) => !existsSync(join(root, name)) || read(name) !== text,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const changes = outdated()
  const isCheck = process.argv.includes('--check')
  for (const [name, text] of changes) {
    if (isCheck) console.error(`${name} isn't up to date: run "npm run packages"`)
    else {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), text)
      console.log(`wrote ${name}`)
    }
  }
  process.exitCode = isCheck && changes.length > 0 ? 1 : 0
}
