// npm run build:all [-- PLATFORM…] [--lint]: builds the binary of every platform, or of the given
// ones, on Debian for x64, puts each into its package in npm/, and checks it with abi-guard itself.
// A wrong binary fails the build and is removed. Clippy runs first; with --lint, only clippy runs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, setupOrExit } from '../setup.mjs'
import { inspect } from './inspect.mjs'
import { fileOf, floorOf, libraryOf, platform, platforms } from './table.mjs'
import { ToolError, toolFolder, tools } from './tools.mjs'

const renamed = ([from, to]) => `--remap-path-prefix=${from}=${to}`

/**
 * rustup's compiler is only used for this platform. The others use Debian's, with which their
 * standard library is also compiled.
 */
const isOwn = ({ target }) => target === 'x86_64-unknown-linux-gnu'
export const BUILD_STD = '-Zbuild-std=std,panic_unwind'

/** The environment and the arguments of cargo for one platform. */
export function cargo(one, kit) {
  const { target } = one
  const [glibc, macos] = [floorOf(one, 'glibc'), floorOf(one, 'macOS')]
  const flags = [
    // No path of this machine gets into a binary: the compiled code and the texts of panics don't
    // depend on the folder of the build.
    ...[
      [join(kit.rust, 'lib', 'rustlib', 'src', 'rust'), '/rust'],
      [join(kit.rust, 'src'), '/rust'],
      [process.env.CARGO_HOME ?? join(homedir(), '.cargo'), '/cargo'],
    ].map(renamed),
    // A library that is loaded can't contain the C library.
    ...(one.libc === 'musl' ? ['-C target-feature=-crt-static'] : []),
    // Otherwise the folder of the build would be its name, and libraries that aren't used would be
    // loaded.
    ...(one.os === 'darwin'
      ? [
          `-C link-arg=-Wl,-install_name,@rpath/${fileOf(one)}`,
          '-C link-arg=-Wl,-dead_strip_dylibs',
        ]
      : []),
  ]
  const env = {
    PATH: [
      ...(isOwn(one) ? [] : [kit.bin]),
      kit.zigbuild,
      kit.zig,
      join(kit.host, 'bin'),
      process.env.PATH,
    ].join(':'),
    HOME: homedir(),
    LANG: 'C',
    RUSTFLAGS: flags.join(' '),
    // Each compiler has its own folder, because neither can use the results of the other.
    CARGO_TARGET_DIR: join(toolFolder, isOwn(one) ? 'target-own' : 'target'),
    CARGO_ZIGBUILD_CACHE_DIR: join(toolFolder, 'cache', 'zigbuild'),
    CARGO_ZIGBUILD_ZIG_PATH: join(kit.zig, 'zig'),
    ZIG_GLOBAL_CACHE_DIR: join(toolFolder, 'cache', 'zig'),
    ZIG_LOCAL_CACHE_DIR: join(toolFolder, 'cache', 'zig'),
    LIBNODE_PATH: kit.libnode,
    // No result depends on the time of the build.
    SOURCE_DATE_EPOCH: '0',
    ...(process.env.CARGO_HOME && { CARGO_HOME: process.env.CARGO_HOME }),
    ...(process.env.RUSTUP_HOME && { RUSTUP_HOME: process.env.RUSTUP_HOME }),
    ...(process.env.SSL_CERT_FILE && { SSL_CERT_FILE: process.env.SSL_CERT_FILE }),
    ...(macos && { MACOSX_DEPLOYMENT_TARGET: macos }),
    // The standard library is compiled with it. A stable compiler does so only with this variable.
    ...(!isOwn(one) && { RUSTC: join(kit.bin, 'rustc'), RUSTC_BOOTSTRAP: '1' }),
  }
  const args = [
    'rustc',
    '--release',
    '--locked',
    '--lib',
    // Not the Rust library as well, which Cargo.toml defines for the tests: with it, nothing would
    // be optimized across crates, the file would be a quarter larger, and it would export all of
    // its functions on systems without an export list.
    '--crate-type',
    'cdylib',
    '--target',
    glibc ? `${target}.${glibc}` : target,
    ...(isOwn(one) ? [] : [BUILD_STD]),
    // These flags are only for the last step, so that the standard library isn't compiled again for
    // them.
    '--',
    renamed([root, '/abi-guard']),
    ...(one.os === 'win32'
      ? ['-C', `link-arg=${join(root, 'scripts', 'platforms', 'exports.def')}`]
      : []),
  ]
  return {
    env,
    args,
    made: join(env.CARGO_TARGET_DIR, target, 'release', libraryOf(one.os)),
    program: join(kit.zigbuild, 'cargo-zigbuild'),
  }
}

/**
 * Clippy's findings in the code for a platform, as a sentence. Clippy must match the compiler; for
 * this machine's own platform, which has another compiler, it is part of `npm test`.
 */
function lint(one, kit) {
  if (isOwn(one)) return []
  const env = {
    ...cargo(one, kit).env,
    // `cargo clippy` calls it in this way, but doesn't know the folder of this clippy's libraries.
    RUSTC_WORKSPACE_WRAPPER: join(kit.bin, 'clippy-driver'),
    CLIPPY_ARGS: '-Dwarnings__CLIPPY_HACKERY__',
  }
  const args = ['check', '--locked', '--lib', '--target', one.target, BUILD_STD]
  const { status, stderr } = spawnSync('cargo', args, { cwd: root, env, maxBuffer: 64 << 20 })
  if (status === 0) return []
  const log = join(toolFolder, `${one.name}-clippy.log`)
  writeFileSync(log, stderr)
  return [`clippy refuses it (${log}): ${firstInSources('error', stderr) ?? lastWords(stderr)}`]
}

/** Builds one platform; returns the defects of the binary, none if it is correct. */
function build(one, kit) {
  const file = join(root, 'npm', one.name, fileOf(one))
  rmSync(file, { force: true })
  const found = lint(one, kit)
  if (found.length > 0) return found
  const { program, args, env, made } = cargo(one, kit)
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    env,
    maxBuffer: 64 << 20,
  })
  if (error) return [`cargo can't be started: ${error.message}`]
  const log = join(toolFolder, `${one.name}.log`)
  writeFileSync(log, `${stdout}${stderr}`)
  if (status !== 0) return [`it doesn't compile (${log}): ${lastWords(stderr)}`]
  const warning = firstInSources('warning', stderr)
  if (warning) return [`the compiler warns (${log}): ${warning}`]
  copyFileSync(made, file)
  const { wrong } = inspect(one, file, { paths: ownPaths(kit) })
  if (wrong.length > 0) rmSync(file)
  return wrong
}

/** The paths of this machine that must not be in a binary. */
const ownPaths = (kit) => [
  root,
  toolFolder,
  kit.host,
  ...['.cargo', '.rustup', '.cache'].map((name) => join(homedir(), name)),
]

/** The first message of a kind about abi-guard's own sources, as one line. */
const firstInSources = (kind, stderr) =>
  new RegExp(`^${kind}: .+\\n *--> src/.+`, 'm').exec(stderr)?.[0].replace(/\s+/g, ' ')

const lastWords = (stderr) => stderr.toString().trim().split('\n').slice(-3).join(' | ')

const rowOf = (name, size, seconds, floor, hash) =>
  `${name.padEnd(22)}${String(size).padStart(7)}${String(seconds).padStart(6)}  ` +
  `${floor.padEnd(15)}${hash}`.trimEnd()

/** The size of a binary in KB, and the beginning of its hash. */
function madeOf(one) {
  const bytes = readFileSync(join(root, 'npm', one.name, fileOf(one)))
  const hash = createHash('sha256').update(bytes).digest('hex')
  return [Math.round(bytes.length / 1024), hash.slice(0, 16)]
}

async function main(words) {
  const isLintOnly = words.includes('--lint')
  const names = words.filter((word) => word !== '--lint')
  const wanted = names.length > 0 ? names.map(platform) : platforms
  setupOrExit()
  mkdirSync(toolFolder, { recursive: true })
  const kit = await tools()
  for (const [name, version] of Object.entries(kit.versions)) console.log(`${name}: ${version}`)
  console.log(`\n${rowOf('platform', 'KB', 's', 'oldest system', 'sha256')}`)
  let failed = 0
  for (const one of wanted) {
    const start = performance.now()
    const wrong = isLintOnly ? lint(one, kit) : build(one, kit)
    const seconds = Math.round((performance.now() - start) / 1000)
    const [size, hash] = wrong.length > 0 || isLintOnly ? ['-', ''] : madeOf(one)
    console.log(rowOf(one.name, size, seconds, one.floor, hash))
    for (const sentence of wrong) console.log(`  WRONG: ${sentence}`)
    failed += wrong.length > 0 ? 1 : 0
  }
  return failed
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = (await main(process.argv.slice(2))) > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof ToolError) && !/there is no platform/.test(error.message)) throw error
    console.error(`build: ${error.message}`)
    process.exitCode = 2
  }
}
