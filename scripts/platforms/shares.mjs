// npm run test:shares: lets the binary for Windows examine, in wine, a project whose names lead to
// a network share in every form that Windows accepts, and checks that nothing on the share is
// opened. On Windows, opening a file sends the user's name and a hash of the password to the owner
// of the share.
import { execFileSync, spawn } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listFiles } from '../support/corpus/index.mjs'
import { install } from '../support/corpus/install.mjs'
import { root, setupOrExit } from '../setup.mjs'
import { installed } from './material.mjs'
import { runtimesOf } from './runtimes.mjs'
import { fileOf, platform } from './table.mjs'

const script = fileURLToPath(new URL('../../__test__/platforms/shares.cjs', import.meta.url))
const watcher = fileURLToPath(new URL('./opened.py', import.meta.url))

/**
 * Every form of the path of the share's file `rest`, a path with slashes that begins at the drive.
 */
const spellings = (rest) => {
  const back = rest.replaceAll('/', '\\')
  return [
    `\\\\localhost\\z$${back}`,
    `//localhost/z$${rest}`,
    `/\\localhost\\z$${back}`,
    `\\/localhost/z$${rest}`,
    `\\\\?\\UNC\\localhost\\z$${back}`,
    `\\\\.\\UNC\\localhost\\z$${back}`,
    `\\??\\UNC\\localhost\\z$${back}`,
    `//?/UNC/localhost/z$${rest}`,
    `Y:${back}`,
    `y:${rest}`,
    `\\\\?\\Y:${back}`,
    `file://localhost/z$${rest}`,
    `./\\\\localhost\\z$${back}`,
    `..\\..\\..\\..\\..\\..\\..\\..${back}`,
  ]
}

const json = (value) => JSON.stringify(value)

/** The files of packages and projects in which the path `to` can occur. */
const packages = {
  main: (to) => ({ 'package.json': { main: to }, 'binding.gyp': '{}' }),
  script: (to) => ({
    'package.json': { main: 'index.js' },
    'index.js': `module.exports = require(${json(to)})`,
  }),
  joined: (to) => ({
    'package.json': { main: 'index.js' },
    'index.js': `module.exports = require(require('path').resolve(__dirname, ${json(to)}))`,
  }),
  bindings: (to) => ({
    'package.json': { main: 'index.js', dependencies: { bindings: '*' } },
    'index.js': `module.exports = require('bindings')(${json(to)})`,
  }),
  pregyp: (to) => ({
    'package.json': {
      main: 'index.js',
      binary: { module_name: 'addon', module_path: to.replace(/.addon\.node$/, ''), host: 'x' },
      dependencies: { '@mapbox/node-pre-gyp': '*' },
    },
    'index.js':
      "const { find } = require('@mapbox/node-pre-gyp')\n" +
      "module.exports = require(find(require('path').resolve('./package.json')))",
  }),
  exports: (to) => ({ 'package.json': { exports: { '.': to }, imports: { '#a': to } } }),
  gyp: (to) => ({
    'package.json': { main: 'index.js', gypfile: true },
    'binding.gyp': `{ "targets": [{ "target_name": ${json(to)}, "product_dir": ${json(to)} }] }`,
  }),
  dependency: (to) => ({
    'package.json': { dependencies: { [to]: '*' }, optionalDependencies: { [`${to}-b`]: '*' } },
    'index.js': `module.exports = require(${json(`${to}/package.json`)})`,
  }),
}

/** The project's own files. */
const project = (names) => {
  const [first] = names
  return {
    'package.json': json({
      name: 'app',
      version: '1.0.0',
      workspaces: names,
      volta: { extends: first },
      dependencies: Object.fromEntries(names.map((name, at) => [`file-${at}`, `file:${name}`])),
      scripts: { start: `node -r ${first} ${first}` },
    }),
    'pnpm-workspace.yaml': `packages:\n${names.map((name) => `  - ${json(name)}\n`).join('')}`,
    '.pnp.cjs': `/* Yarn */\nconst RAW_RUNTIME_STATE = ${json(
      json({
        packageRegistryData: names.map((name, at) => [
          `pnp-${at}`,
          [['npm:1.0.0', { packageLocation: name, packageDependencies: [], linkType: 'HARD' }]],
        ]),
        dependencyTreeRoots: [],
      }),
    )};\n`,
    'package-lock.json': json({
      lockfileVersion: 3,
      packages: Object.fromEntries(
        names.map((name) => [`node_modules/../${name}`, { resolved: name, link: true }]),
      ),
    }),
    Dockerfile: `FROM node:22\n${names.map((name) => `COPY ${name} /app\n`).join('')}`,
    'docker-compose.yml': `services:\n${names
      .map((name, at) => `  s${at}:\n    build: ${json(name)}\n    env_file: ${json(name)}\n`)
      .join('')}`,
    '.gitlab-ci.yml': `include:\n${names.map((name) => `  - local: ${json(name)}\n`).join('')}`,
    '.github/workflows/ci.yml': `jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${names
      .map(
        (name) =>
          `      - uses: ${json(`./${name}`)}\n      - uses: actions/setup-node@v4\n` +
          `        with:\n          node-version-file: ${json(name)}\n` +
          `      - run: npm ci\n        working-directory: ${json(name)}\n`,
      )
      .join('')}`,
  }
}

function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : json(content))
  }
}

/**
 * A PE addon that imports from `to`. The name replaces that of another import, which must be at
 * least as long.
 */
function importing(bytes, to) {
  const from = 'api-ms-win-crt-runtime-l1-1-0.dll'
  const at = bytes.indexOf(from, 0, 'latin1')
  if (at < 0 || to.length > from.length) throw new Error(`no room for ${to}`)
  const changed = Buffer.from(bytes)
  changed.fill(0, at, at + from.length).write(to, at, 'latin1')
  return changed
}

/**
 * Creates the project and the share. Both are in folders with short names, because of the imports.
 */
function lay(work, share) {
  const pe = listFiles('small').find(
    ({ file }) =>
      file.includes('win32-x64') &&
      readFileSync(file).includes('api-ms-win-crt-runtime-l1-1-0.dll', 0, 'latin1'),
  )
  copyFileSync(pe.file, join(share, 'addon.node'))
  copyFileSync(pe.file, join(share, 'a.dll'))
  write(share, {
    'package.json': { name: 'shared', version: '6.6.6', main: 'addon.node' },
    'binding.gyp': '{}',
    'action.yml': 'runs:\n  using: composite\n  steps:\n    - run: npm install fromshare\n',
  })
  const folder = join(work, 'project')
  const names = spellings(`${share}/addon.node`)
  write(folder, project([...names, ...spellings(share)]))
  for (const [kind, files] of Object.entries(packages))
    names.forEach((name, at) => {
      const home = join(folder, 'node_modules', `${kind}-${at}`)
      const { 'package.json': manifest, ...others } = files(name)
      write(home, {
        'package.json': { name: `${kind}-${at}`, version: '1.0.0', ...manifest },
        // Otherwise there would be no sign of an addon, and its scripts would not be read.
        'binding.gyp': '{}',
        'build/Release/other.node': 'no addon',
        ...others,
      })
    })
  mkdirSync(join(folder, 'files'))
  let imports = 0
  for (const [at, name] of spellings(`${share}/a.dll`).entries()) {
    if (name.length > 33) continue
    imports++
    writeFileSync(
      join(folder, 'files', `imports-${at}.node`),
      importing(readFileSync(pe.file), name),
    )
  }
  const archive = join(work, 'a.tgz')
  execFileSync('tar', ['czf', archive, '-C', join(folder, 'node_modules'), 'main-0'])
  return { folder, archive, imports, packages: names.length * Object.keys(packages).length }
}

/** Every path below `share` that is opened while `work` runs. */
async function openedDuring(share, work) {
  const watch = spawn('python3', [watcher, share], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  const ready = new Promise((resolve) => {
    watch.stdout.on('data', (data) => {
      said += data
      if (said.includes('ready\n')) resolve()
    })
  })
  await ready
  const answer = await work()
  await new Promise((resolve) => setTimeout(resolve, 200))
  watch.kill()
  await new Promise((resolve) => watch.on('close', resolve))
  return { answer, opened: said.split('\n').filter((line) => line && line !== 'ready') }
}

async function main() {
  setupOrExit()
  const one = platform('win32-x64-msvc')
  await install('small', { log() {} })
  const [runtime] = await runtimesOf(one.name)
  if (runtime.why) throw new Error(runtime.why)
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-shares-')))
  const share = realpathSync(mkdtempSync('/tmp/s'))
  try {
    const { folder, archive, imports, packages: count } = lay(work, share)
    const home = installed(one, join(root, 'npm', one.name, fileOf(one)), work)
    const ask = async (how) => {
      const answerFile = join(work, 'answer.json')
      const inputFile = join(work, 'input.json')
      const back = (path) => path.replaceAll('/', '\\')
      const input = {
        home: runtime.toPath(home),
        project: runtime.toPath(folder),
        archive: runtime.toPath(archive),
        share: `\\\\localhost\\z$${back(share)}`,
        how,
      }
      writeFileSync(inputFile, json(input))
      rmSync(answerFile, { force: true })
      const [program, ...args] = [
        ...runtime.command,
        ...[script, inputFile, answerFile].map(runtime.toPath),
      ]
      const child = spawn(program, args, {
        cwd: work,
        env: { PATH: process.env.PATH, HOME: work, LANG: 'C.UTF-8', ...runtime.env },
        stdio: 'ignore',
      })
      await new Promise((resolve) => child.on('close', resolve))
      return JSON.parse(readFileSync(answerFile, 'utf8'))
    }
    const control = await openedDuring(share, () => ask('control'))
    console.log(`control: ${json(control.answer)}, ${control.opened.length} opened`)
    if (control.answer.exists !== true || control.opened.length === 0)
      throw new Error('the share is not there, or nothing sees that it is opened')
    const { answer, opened } = await openedDuring(share, () => ask('look'))
    // The contents of the share must not affect the results either: the same calls run again
    // without the share.
    const kept = answer
    rmSync(share, { recursive: true })
    const without = await ask('look')
    const different = Object.keys(kept).filter((name) => json(kept[name]) !== json(without[name]))
    console.log(
      `${count} packages, ${imports} imports, ${Object.keys(kept).length} functions: ` +
        `${opened.length} opened, ${different.length} answers differ without the share`,
    )
    for (const line of new Set(opened)) console.log(`FAILED opened ${line}`)
    for (const name of different) console.log(`FAILED ${name} differs`)
    for (const [name, value] of Object.entries(kept))
      if (typeof value === 'string') console.log(`${name}: ${value.slice(0, 160)}`)
    if (process.argv.includes('--show')) writeFileSync('/dev/stdout', json(kept))
    return opened.length + different.length
  } finally {
    rmSync(work, { recursive: true, force: true })
    rmSync(share, { recursive: true, force: true })
  }
}

process.exitCode = (await main()) > 0 ? 1 : 0
