'use strict'
// From the arguments to the exit code: 0 fine, 1 problems, 2 usage or I/O error.

const { isInInstall } = require('../lifecycle.js')
const { isUnusable } = require('../unusable.js')
const { sentence } = require('./errors.js')
const { complain, quietBrokenPipe } = require('./terminal.js')
const { help, parse } = require('./usage.js')

/**
 * Runs the command and sets the exit code. The process then ends by itself, so that no output is
 * lost.
 */
async function main(argv) {
  quietBrokenPipe()
  try {
    process.exitCode = await run(parse(argv))
  } catch (error) {
    complain(sentence(error))
    // An installation doesn't fail because abi-guard can't work.
    process.exitCode = isUnusable(error) && isInInstall() ? 0 : 2
  }
}

async function run({ command, operands, options }) {
  if (options['no-color']) {
    // The environment also reaches the programs that abi-guard starts.
    process.env.NO_COLOR = '1'
    delete process.env.FORCE_COLOR
  }
  if (options.version) {
    process.stdout.write(`${require('../../package.json').version}\n`)
    return 0
  }
  if (options.help) {
    process.stdout.write(help(command))
    return 0
  }
  // Required lazily: help and version must work without the binary.
  return require('./commands.js')[command](operands, options)
}

module.exports = { main }
