// Requires packages as a project would and tells which .node files were opened for each. Runs in a
// process of its own, with the project's own resolution (`-r ./.pnp.cjs` for Plug'n'Play). argv:
// file for the answer, then JSON: [{ via: [folder of the root, name, …], name }]
'use strict'
const { writeFileSync, realpathSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')

const [answerFile, wanted] = process.argv.slice(2)
const answers = []
const save = () => writeFileSync(answerFile, JSON.stringify(answers))
let opened = []

const { dlopen } = process
process.dlopen = function (module, file, ...rest) {
  const one = { file: real(file), loaded: false }
  opened.push(one)
  save() // In case the process dies here.
  dlopen.call(this, module, file, ...rest)
  one.loaded = true
}

function real(file) {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

/** `require` as the package at the end of a chain sees it. */
function requireOf([root, ...names]) {
  let own = createRequire(join(root, 'package.json'))
  for (const name of names) own = createRequire(entry(own, name))
  return own
}

function entry(own, name) {
  try {
    return own.resolve(`${name}/package.json`)
  } catch {
    return own.resolve(name) // Its `exports` hide package.json.
  }
}

for (const { via, name } of JSON.parse(wanted)) {
  const answer = { name, via, error: null, opened: [] }
  answers.push(answer)
  opened = answer.opened
  try {
    requireOf(via)(name)
  } catch (error) {
    answer.error = String(error?.message ?? error).split('\n')[0]
  }
  save()
}
process.exit(0)
