'use strict'
// The command `fix`: shows the plan, asks, runs it, and prints the result.

const fs = require('node:fs')
const path = require('node:path')
const readline = require('node:readline')
const { formatReport, scanNodeModules } = require('../../index.js')
const { explainTexts } = require('../jobs.js')
const { planOf, rebuildOf, rootOf, startableOf, untriedOf } = require('../repair/plan.js')
const { carryOut, findInterrupted, tidy, undo } = require('../repair/index.js')
const { packageRoot } = require('../root.js')
const { oneLine } = require('../escape.js')
const { style, wrapped } = require('./terminal.js')

async function fix([named = packageRoot(process.cwd())], options) {
  const directory = path.resolve(named)
  const how = { ignore: options.ignore, include: options.include, production: options.production }
  // Commands run in the folder with the lockfile. It may be above the scanned folder.
  const root = rootOf(directory)
  if (!(await settled(root, options))) return 1
  const report = scanNodeModules(directory, how)
  if (report.ok) {
    if (!options.quiet) show(report)
    return 0
  }
  const whole = planOf(report)
  const { stages, obstacles } = startableOf(whole, root)
  // A later stage may not be needed.
  const plan = { ...whole, stages: stages.length > 0 ? stages : whole.stages }
  show({ ...report, fixes: plan.rest })
  if (plan.stages.length === 0) {
    say('\nabi-guard has no command that fixes this.')
    return 1
  }
  showPlan(plan)
  const what = stages.length > 0 ? 'There is no further step' : "This plan can't be run"
  for (const obstacle of obstacles) say(`\n${what}: ${oneLine(obstacle)}.`)
  if (options['dry-run'] || stages.length === 0) return 1
  if (!options.yes && !(await agrees('Continue?'))) return 1
  const result = await run(root, directory, how, plan)
  return finish(result, scanNodeModules(directory, how), plan)
}

/**
 * Rebuilds the broken packages without asking. It installs no packages, because it runs during an
 * installation.
 * @param {object} report the report of a scan with these options
 * @param {NodeJS.WriteStream} [stream] the stream for all messages
 * @returns {Promise<object>} the report after the rebuild
 */
async function rebuild(report, options, stream = process.stdout) {
  output = stream
  const { target, ignore, include, production } = options
  const how = { target, ignore, include, production }
  const plan = rebuildOf(report)
  if (plan.stages.length === 0) {
    say('\nA rebuild does not fix this: run abi-guard fix.')
    return report
  }
  const { directory } = report
  const root = rootOf(directory)
  const interrupted = findInterrupted(root)
  if (interrupted) {
    showInterrupted(interrupted)
    // Without a question, only a repair that is proved by the user's own state is undone.
    if (interrupted.isProved) undoNow(interrupted)
    else say('The backup was left unchanged: run abi-guard fix to restore or keep it.\n')
  }
  const result = await run(root, directory, how, plan)
  const now = scanNodeModules(directory, how)
  finish(result, now, plan)
  return now
}

/**
 * Undoes an interrupted repair if the user agrees.
 * @returns {Promise<boolean>} false if an interrupted repair remains that prevents a new one
 */
async function settled(root, { yes, 'dry-run': isDry }) {
  const interrupted = findInterrupted(root)
  if (!interrupted) {
    if (!isDry) tidy(root)
    return true
  }
  showInterrupted(interrupted)
  // A backup that only the project proves may be false. It must not prevent a new repair.
  const isLeftAlone = !interrupted.isProved
  if (isDry) {
    say('abi-guard fix would ask to undo it first.\n')
    return isLeftAlone
  }
  if (!yes && !(await agrees('Undo it?'))) return isLeftAlone
  undoNow(interrupted)
  return true
}

function showInterrupted({ root, folder, isProved, changes }) {
  const name = (file) => oneLine(path.relative(root, file))
  const place = `${oneLine(root)}${path.sep}${name(folder)}`
  if (isProved) say(`A repair of ${oneLine(root)} was interrupted; its backup is ${name(folder)}.`)
  else {
    say(`${place} looks like the backup of an interrupted repair.`)
    say("This user's state directory has no record of it, so it may have come with the project.")
  }
  say(
    changes.length > 0
      ? 'The undo restores or removes these files, and removes the backup:'
      : 'The undo removes the backup, and changes nothing else.',
  )
  for (const file of changes) say(`  ${name(file)}`)
}

function undoNow(interrupted) {
  undo(interrupted)
  say('The interrupted repair was undone.\n')
}

function showPlan({ stages }) {
  say('\nPlan:')
  for (const [index, { steps }] of stages.entries()) {
    if (index > 0) say('Only if that is not enough:')
    for (const { title, why, commands, directory } of steps) {
      const place = isHere(directory) ? '' : ` (in ${oneLine(directory)})`
      for (const line of wrapped(`${oneLine(title)}: ${oneLine(why)}${place}`, 78)) say(`  ${line}`)
      for (const words of commands) say(`    ${shell(words)}`)
    }
  }
  say('The replaced files are kept until the new ones load.')
}

/** True for the user's current folder. Commands can be typed there as they are shown. */
function isHere(directory) {
  try {
    return fs.realpathSync(directory) === fs.realpathSync(process.cwd())
  } catch {
    return false
  }
}

/** Asks on a terminal. Elsewhere the answer is no. */
async function agrees(question) {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    say('\nNothing was changed: there is no terminal to ask on. Use --yes to agree.')
    return false
  }
  const terminal = readline.createInterface({ input: process.stdin, output: process.stdout })
  const answer = await new Promise((resolve) => {
    terminal.once('close', () => resolve(''))
    terminal.question(`\n${question} [y/N] `, resolve)
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
  if (again) say(`\nStill broken: ${again.map(oneLine).join(', ')}. Next step:`)
  if (command) say(`\n$ ${shell(command)}`)
}

/** Prints the result. The output of failed commands is explained. */
function finish(result, report, plan) {
  if (result.stopped) {
    say('\nStopped: everything was restored.')
    return 130
  }
  say('')
  // Fixes that were just tried are not suggested again, but those that followed from their result.
  const fixes = result.left.length > 0 ? untriedOf(plan, result.fixes) : []
  show({ ...report, fixes })
  if (result.left.length === 0) return report.ok ? 0 : 1
  const explanations = explainTexts(result.outputs, { from: report.directory })
  for (const explanation of explanations.slice(0, 3)) {
    say('')
    show(explanation)
  }
  if (result.outputs.length > 0 && explanations.length === 0)
    say('\nA command failed: the reason is in its output above.')
  say('\nPackages that could not be fixed were restored.')
  return 1
}

/**
 * A command as the user would type it. Reports have the same form (src/report/shell.rs).
 */
function shell(words) {
  return words
    .map((word) =>
      /^[\w./@:=+,-]+$/.test(word) ? word : `'${oneLine(word).replace(/'/g, "'\\''")}'`,
    )
    .join(' ')
}

/**
 * The stream for all messages. In an installation hook, standard output belongs to the package
 * manager.
 */
let output = process.stdout

function say(text) {
  output.write(`${text}\n`)
}

/** Prints a report or an explanation. */
function show(report) {
  output.write(formatReport(report, 'text', style({ stream: output })))
}

module.exports = { fix, rebuild }
