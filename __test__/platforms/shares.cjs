'use strict'
// Runs every function that looks at a project: node shares.cjs INPUT ANSWER, both JSON. What the
// project's names lead to on a network share must be opened by none of them.

const fs = require('node:fs')
const path = require('node:path')

const [inputFile, answerFile] = process.argv.slice(2)
const { home, project, archive, share, how } = JSON.parse(fs.readFileSync(inputFile, 'utf8'))

/** A user who names a file on a share means it: shows that the share is there. */
const control = {
  exists: () => fs.existsSync(path.win32.join(share, 'addon.node')),
  check: () => guard().checkAbi(path.win32.join(share, 'addon.node')).binary.format,
}

const looks = {
  scan: () => guard().scanNodeModules(project),
  ignored: () => guard().scanNodeModules(project, { target: 'node@22/win32-x64', strict: true }),
  assert: () => guard().assertNodeModules(project),
  packages: () =>
    fs
      .readdirSync(path.join(project, 'node_modules'))
      .filter((name) => !name.startsWith('.'))
      .map((name) => attempt(() => guard().checkPackage(name, { from: project }))),
  files: () =>
    fs
      .readdirSync(path.join(project, 'files'))
      .map((name) => attempt(() => guard().checkAbi(path.join(project, 'files', name)))),
  doctor: () => guard().doctor(project),
  matrix: () => guard().matrix(project, { targets: ['node@22', 'node@24/linux-x64'] }),
  key: () => guard().cacheKey({ directory: project }),
  explain: () =>
    guard().explainError(new Error(`${share}\\addon.node is not a valid Win32 application.`), {
      from: project,
    }),
  audit: () => guard().auditPackage(path.join(project, 'node_modules', 'main-0')),
  archive: () => guard().auditPackage(archive),
}

function guard() {
  return require(home)
}

function attempt(work) {
  try {
    return work()
  } catch (error) {
    return `${error.code}: ${error.message}`
  }
}

const chosen = how === 'control' ? control : looks
const answer = {}
for (const [name, look] of Object.entries(chosen)) answer[name] = attempt(look)
fs.writeFileSync(
  answerFile,
  JSON.stringify(answer, (key, value) => (key === 'milliseconds' ? 0 : value)),
)
