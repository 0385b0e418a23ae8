'use strict'
// The command that mends: shows the plan, asks, has it carried out, and says what came of it.

const path = require('node:path')
const readline = require('node:readline')
const { formatReport, scanNodeModules } = require('../../index.js')
const { explainTexts } = require('../jobs.js')
const { planOf, rebuildOf } = require('../repair/plan.js')
const { carryOut, recover } = require('../repair/index.js')
const { packageRoot } = require('../root.js')
const { oneLine } = require('../escape.js')
const { style, wrapped } = require('./terminal.js')

async function fix([named = packageRoot(process.cwd())], options) {
  const directory = path.resolve(named)
  const how = { ignore: options.ignore, include: options.include, production: options.production }
  // Where commands run is the folder with the lockfile, which need not be the one that is scanned.
  undoInterrupted(directory)
  const report = scanNodeModules(directory, how)
  if (report.ok) {
    if (!options.quiet) show(report)
    return 0
  }
  const plan = planOf(report, { yes: options.yes })
  const root = report.fixes.find((one) => one.directory)?.directory ?? directory
  if (root !== directory) undoInterrupted(root)
  show({ ...report, fixes: plan.rest })
  if (plan.stages.length === 0) {
    say('\nThere is nothing that a command of this project could mend.')
    return 1
  }
  showPlan(plan)
  if (options['dry-run']) return 1
  if (!options.yes && !(await agrees())) return 1
  const result = await run(root, directory, how, plan)
  return finish(result, scanNodeModules(directory, how), directory)
}

/**
 * Rebuilds what is broken, without asking; nothing is installed anew, as within an installation.
 * @param {object} report what a scan with these options found
 * @param {NodeJS.WriteStream} [stream] where all that is said goes
 * @returns {Promise<object>} the report afterwards
 */
async function rebuild(report, options, stream = process.stdout) {
  output = stream
  const { target, ignore, include, production } = options
  const how = { target, ignore, include, production }
  const plan = rebuildOf(report)
  if (plan.stages.length === 0) {
    say('\nThere is nothing that rebuilding alone would mend.')
    return report
  }
  const { directory } = report
  const root = report.fixes.find((one) => one.directory)?.directory ?? directory
  undoInterrupted(root)
  const result = await run(root, directory, how, plan)
  const now = scanNodeModules(directory, how)
  finish(result, now, directory)
  return now
}

function undoInterrupted(root) {
  if (recover(root)) say('An interrupted repair was undone: everything is as it was before it.\n')
}

function showPlan({ stages }) {
  say('\nPlan:')
  for (const [index, { steps }] of stages.entries()) {
    if (index > 0) say('Only if that is not enough:')
    for (const { title, why, commands } of steps) {
      for (const line of wrapped(`${oneLine(title)}: ${oneLine(why)}`, 78)) say(`  ${line}`)
      for (const words of commands) say(`    ${shell(words)}`)
    }
  }
  say('Files that are replaced are kept until the new ones are proved to load.')
}

/** Asks on a terminal; nobody answers elsewhere. */
async function agrees() {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    say('\nNothing was changed: say --yes to carry it out where nobody can be asked.')
    return false
  }
  const terminal = readline.createInterface({ input: process.stdin, output: process.stdout })
  const answer = await new Promise((resolve) => {
    terminal.once('close', () => resolve(''))
    terminal.question('\nGo on? [y/N] ', resolve)
  })
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

async function run(root, directory, options, plan) {
  const controller = new AbortController()
  const interrupt = () => controller.abort()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.once(signal, interrupt)
  try {
    const task = { root, directory, options, stages: plan.stages, output: output.fd }
    return await carryOut(task, tell, controller.signal)
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupt)
  }
}

function tell({ command, again }) {
  if (again) say(`\nNot enough for ${again.map(oneLine).join(', ')}: the next step.`)
  if (command) say(`\n$ ${shell(command)}`)
}

/** Says what came of it; what went wrong is explained by what the commands printed. */
function finish(result, report, directory) {
  if (result.stopped) {
    say('\nStopped: everything is as it was before.')
    return 130
  }
  say('')
  // What was tried just now isn't advised again.
  show({ ...report, fixes: [] })
  if (result.left.length === 0) return report.ok ? 0 : 1
  for (const explanation of explainTexts(result.outputs, { from: directory }).slice(0, 3)) {
    say('')
    show(explanation)
  }
  say('\nWhat could not be mended is as it was before.')
  return 1
}

/** A command as it is typed; the core writes those of reports so (src/report/text.rs). */
function shell(words) {
  return words
    .map((word) => (/^[\w./@:=+,-]+$/.test(word) ? word : `'${oneLine(word).replace(/'/g, "'\\''")}'`))
    .join(' ')
}

/** Where all of it goes; in the hook of an installation standard output belongs to the installer. */
let output = process.stdout

function say(text) {
  output.write(`${text}\n`)
}

/** A report or an explanation. */
function show(report) {
  output.write(formatReport(report, 'text', style({ stream: output })))
}

module.exports = { fix, rebuild }
