'use strict'
// What a repair will do, out of a report: first what each package needs, then, where that isn't enough, the packages from scratch.

const path = require('node:path')
const native = require('../native.js')
const { request, unwrap } = require('../request.js')
const { isRunnable } = require('./commands.js')

/**
 * @typedef {{ title: string, why: string, commands: string[][], directory: string }} Step
 * @typedef {{ steps: Step[], folders: string[] }} Stage the folders are those that its commands may replace
 */

/** The stages of a plan, and the fixes that only a reader can carry out. */
function planOf(report, { yes = false } = {}) {
  const fixes = report.fixes.map((fix) => (yes ? withoutQuestions(fix) : fix))
  const own = fixes.filter(({ commands }) => commands.length > 0 && commands.every(isRunnable))
  const rest = fixes.filter((fix) => !own.includes(fix))
  const stages = []
  if (own.length > 0) stages.push(stageOf(own, report))
  const again = unwrap(native.cleanReinstall(JSON.stringify(report), request({}, {})))
  if (again && own.length > 0 && again.commands.every(isRunnable)) stages.push(stageOf([again], report))
  return { stages, rest }
}

function stageOf(fixes, report) {
  const steps = fixes.map(({ summary, why, commands, directory }) => ({
    title: summary,
    why,
    commands,
    directory: directory ?? report.directory,
  }))
  // What installs may touch every package; what rebuilds, only those it is for.
  const installs = fixes.some(({ commands }) => commands.some((words) => words.includes('install')))
  const packages = report.packages.filter(({ ok }) => !ok || installs)
  return { steps, folders: packages.map((one) => folderOf(one, report)) }
}

/** What is kept of a package: all of it; of the project's own addon its build. */
function folderOf({ path: folder }, { directory }) {
  const isAround = directory === folder || directory.startsWith(folder + path.sep)
  return isAround ? path.join(folder, 'build') : folder
}

/** pnpm 10 asks which builds to approve; who says yes to everything means all that wait. */
function withoutQuestions(fix) {
  const answer = (words) => (words.join(' ') === 'pnpm approve-builds' ? [...words, '--all'] : words)
  return { ...fix, commands: fix.commands.map(answer) }
}

module.exports = { planOf }
