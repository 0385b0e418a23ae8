'use strict'
// Uses every function of the installed package and writes down what it gave: node exercise.cjs
// INPUT ANSWER, both JSON. Plain CommonJS without a framework, since every Node.js runs it that
// abi-guard promises to work in, on every system.

const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { Worker } = require('node:worker_threads')
const { spelled } = require('./spellings.cjs')

const [inputFile, answerFile] = process.argv.slice(2)
const input = JSON.parse(fs.readFileSync(inputFile, 'utf8'))
const guard = require(input.home)
const promises = require(path.join(input.home, 'promises.js'))
const absent = path.join(input.project, 'absent.node')

/** What must be the same everywhere: nothing in it depends on the system that runs this, but for paths, which are made alike. */
async function common() {
  const [first] = input.targets
  const scan = guard.scanNodeModules(input.project, { target: first })
  const explained = input.texts.map((text) =>
    guard.explainError(new Error(text), { from: input.project }),
  )
  return {
    checks: input.files.map(({ name, file }) => [
      name,
      ...input.targets.map((target) => guard.checkAbi(file, { target })),
    ]),
    scan: timeless(scan),
    strict: timeless(
      guard.scanNodeModules(input.project, {
        target: input.targets[1],
        strict: true,
        ignore: ['argon2'],
      }),
    ),
    asserted: codeOf(() => guard.assertNodeModules(input.project, { target: first })),
    packages: input.packages.map((name) =>
      guard.checkPackage(name, { from: input.project, target: first }),
    ),
    audit: guard.auditPackage(input.package),
    archive: started(() => guard.auditPackage(input.archive)),
    explained: explained.map(ofAnyone),
    runtimes: hash(guard.listRuntimes()),
    specs: input.targets.map((target) => guard.resolveRuntime(target)),
    key: guard.cacheKey({ directory: input.project, target: first }),
    formats: ['text', 'json', 'sarif', 'github'].map((format) =>
      guard.formatReport(timeless(scan), format, { from: input.project }),
    ),
    styled: guard.formatReport(timeless(scan), 'text', {
      color: true,
      verbose: true,
      width: 120,
      from: input.project,
    }),
    promised: await promised(first, scan),
    threads: await Promise.all(
      [0, 1, 2, 3].map((index) => inThread(input.files[index].file, first)),
    ),
    afterThreads: guard.checkAbi(input.files[0].file, { target: first }).outcome,
    mistakes: await mistakes(),
    damaged: input.damaged.map((file) => judged(file, first)),
  }
}

/** With what starts another process of this kind; an emulated one can't start itself. */
function started(work) {
  const { execPath } = process
  if (input.launcher) process.execPath = input.launcher
  try {
    return work()
  } finally {
    process.execPath = execPath
  }
}

/** An explanation is for this process: its version is left out. */
const ofAnyone = (value) =>
  JSON.parse(JSON.stringify(value).split(process.versions.node).join('<own>'))

const hash = (value) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
const timeless = (scan) => ({ ...scan, stats: { ...scan.stats, milliseconds: 0 } })

function judged(file, target) {
  const { outcome, problems } = guard.checkAbi(file, { target })
  return [path.basename(file), outcome, ...problems.map(({ code }) => code)]
}

/** The functions that don't wait, with a signal and with progress. */
async function promised(target, scan) {
  const seen = []
  const controller = new AbortController()
  const [file] = input.files
  const late = settled(
    promises.scanNodeModules(input.project, { target, signal: controller.signal }),
  )
  controller.abort(new Error('enough'))
  const report = await promises.scanNodeModules(input.project, {
    target,
    signal: new AbortController().signal,
    onProgress: (progress) => seen.push(progress),
  })
  return {
    same: hash(timeless(report)) === hash(timeless(scan)),
    file:
      hash(await promises.checkAbi(file.file, { target })) ===
      hash(guard.checkAbi(file.file, { target })),
    package: (await promises.checkPackage(input.packages[0], { from: input.project, target })).ok,
    asserted: await settled(promises.assertNodeModules(input.project, { target })),
    last: seen[seen.length - 1],
    aborted: reasoned(
      'not today',
      await settled(
        promises.checkAbi(file.file, { signal: AbortSignal.abort(new Error('not today')) }),
      ),
    ),
    late: reasoned('enough', await late),
  }
}

const settled = (promise) =>
  promise.then(
    () => 'fulfilled',
    (error) => [error.code === undefined ? error.message : error.code, error instanceof Error],
  )

/** Why something was aborted; the first releases of Node.js 16 don't know, and say only that it was. */
function reasoned(why, [code, isError]) {
  const isKnown = 'reason' in AbortSignal.prototype
  return [isKnown || code !== 'ABORT_ERR' ? code : why, isError]
}

function codeOf(work) {
  try {
    work()
    return 'nothing was thrown'
  } catch (error) {
    return [error.name, error.code, error instanceof Error]
  }
}

/** Loads, uses and unloads the binary in a thread. */
function inThread(file, target) {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads')
    const { checkAbi, listRuntimes } = require(workerData.home)
    const { outcome, problems } = checkAbi(workerData.file, { target: workerData.target })
    parentPort.postMessage([outcome, problems.map(({ code }) => code), listRuntimes().length])`
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, workerData: { home: input.home, file, target } })
    let answer
    worker.once('message', (message) => (answer = message))
    worker.once('error', reject)
    worker.once('exit', (status) => resolve([status, answer]))
  })
}

/** Wrong arguments, each with what it throws. */
async function mistakes() {
  const file = input.files[0].file
  const wrong = {
    'checkAbi()': () => guard.checkAbi(),
    'checkAbi(1)': () => guard.checkAbi(1),
    'checkAbi(empty)': () => guard.checkAbi(''),
    'checkAbi(null byte)': () => guard.checkAbi('a\0b'),
    'checkAbi(absent)': () => guard.checkAbi(absent),
    'checkAbi(null options)': () => guard.checkAbi(file, null),
    'checkAbi(unknown target)': () => guard.checkAbi(file, { target: 'nodule@22' }),
    'checkAbi(unknown version)': () => guard.checkAbi(file, { target: 'node@one' }),
    'checkAbi(negative ABI)': () => guard.checkAbi(file, { target: { abi: -1 } }),
    'checkAbi(unknown field)': () => guard.checkAbi(file, { target: { colour: 'red' } }),
    'checkAbi(wrong option)': () => guard.checkAbi(file, { strict: 'yes' }),
    'checkPackage(empty)': () => guard.checkPackage(''),
    'checkPackage(absent)': () => guard.checkPackage('no-such-package', { from: input.project }),
    'scanNodeModules(absent)': () => guard.scanNodeModules(absent),
    'scanNodeModules(wrong list)': () => guard.scanNodeModules(input.project, { include: 'all' }),
    'auditPackage(absent)': () => guard.auditPackage(absent),
    'formatReport(null)': () => guard.formatReport(null),
    'formatReport(unknown format)': () => guard.formatReport({}, 'xml'),
    'formatReport(no report)': () => guard.formatReport({ no: 'report' }),
    'cacheKey(unknown target)': () =>
      guard.cacheKey({ directory: input.project, target: 'nodule@22' }),
    'resolveRuntime(number)': () => guard.resolveRuntime(22),
  }
  const rejected = {
    'promises.checkAbi(1)': () => promises.checkAbi(1),
    'promises.checkAbi(absent)': () => promises.checkAbi(absent),
    'promises.scanNodeModules(signal)': () =>
      promises.scanNodeModules(input.project, { signal: 'stop' }),
  }
  const thrown = Object.keys(wrong).map((name) => [name, codeOf(wrong[name])])
  for (const name of Object.keys(rejected)) thrown.push([name, await settled(rejected[name]())])
  return thrown
}

/**
 * The facts of this process only: its runtime, its name for a folder, and whether real loads match
 * the verdicts.
 */
function own() {
  const { platform, arch, versions } = process
  const facts = {
    platform,
    arch,
    node: versions.node,
    abi: Number(versions.modules),
    nodeApi: Number(versions.napi),
  }
  // All verdicts before the first load, which may change what the process has.
  const verdicts = input.own.map(({ name, file }) => {
    const { outcome, loaderMessage, problems } = guard.checkAbi(file)
    return { name, file, outcome, loaderMessage, problems: problems.map(({ code }) => code) }
  })
  const loads = verdicts.map((verdict) => {
    const isLoaded = verdict.outcome === 'loads' || verdict.outcome === 'throws'
    return { ...verdict, real: isLoaded ? load(verdict.file) : null }
  })
  const work = path.join(path.dirname(answerFile), 'names')
  const addon = path.join(input.package, 'prebuilds', 'linux-x64', 'bufferutil.node')
  const names = spelled(guard, addon, input.targets[0], work)
  return { facts, resolved: guard.resolveRuntime(), names, loads }
}

function load(file) {
  try {
    process.dlopen({ exports: {} }, file)
    return { outcome: 'loads', message: null }
  } catch (error) {
    return { outcome: 'throws', message: String(error.message) }
  }
}

/** Paths as they are called everywhere: what lies in one of the places, with `/`. */
function alike(value) {
  if (Array.isArray(value)) return value.map(alike)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, alike(one)]))
  if (typeof value !== 'string') return value
  let text = value
  for (const [place, name] of input.places)
    for (const [from, slash] of spellings(place))
      if (text.includes(from)) text = withSlashes(text.split(from).join(name), slash)
  return text
}

/** A path as it stands in a report, in its JSON, and in a URL. */
function spellings(place) {
  if (path.sep === '/') return [[place, null]]
  const escaped = place.split('\\').join('\\\\')
  return [
    [escaped, '\\\\'],
    [place, '\\'],
    [place.split('\\').join('/'), null],
  ]
}

const withSlashes = (text, slash) =>
  slash === null
    ? text
    : text.replace(/<\w+>[^\s"'<>|:,;]*/g, (found) => found.split(slash).join('/'))

async function main() {
  const answer = { common: alike(await common()), own: own() }
  fs.writeFileSync(answerFile, JSON.stringify(answer))
  // At once: what one of the addons would do later isn't asked.
  process.exit(0)
}

main().catch((error) => {
  fs.writeFileSync(
    answerFile,
    JSON.stringify({ error: String(error instanceof Error ? error.stack : error) }),
  )
  process.exitCode = 1
})
