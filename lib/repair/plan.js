'use strict'
// What a repair will do, out of a report: first what each package needs, then, where that isn't enough, the packages from scratch.

const path = require('node:path')
const native = require('../native.js')
const { request, unwrap } = require('../request.js')
const { isRebuild, isRunnable } = require('./commands.js')

/**
 * @typedef {{ title: string, why: string, commands: string[][], directory: string, paths?: string[] }} Step `paths`: the packages that it
 *   is for, where it is for some only
 * @typedef {{ steps: Step[], apart: Step[], folders: string[], trees: string[] }} Stage `apart` are the steps with a command for
 *   each package, `folders` those that they may replace, `trees` those that they may take anything out of
 */

/** The stages of a plan, and the fixes that only a reader can carry out. */
function planOf(report, { yes = false } = {}) {
  const fixes = report.fixes.map((fix) => (yes ? withoutQuestions(fix) : fix))
  const own = fixes.filter(({ commands }) => commands.length > 0 && commands.every(isRunnable))
  const rest = fixes.filter((fix) => !own.includes(fix))
  const stages = []
  if (own.length > 0) stages.push(stageOf(own, report, apartFrom(own, report, yes)))
  const again = own.length > 0 ? fromScratch(report) : undefined
  if (again?.commands.every(isRunnable)) {
    const each = report.packages.filter(({ ok }) => !ok)
    stages.push(stageOf([again], report, each.length > 1 ? each.map((one) => scratchOf(one, report)) : []))
  }
  return { stages, rest }
}

const fromScratch = (report) => unwrap(native.cleanReinstall(JSON.stringify(report), request({}, {})))

function scratchOf(one, report) {
  return { ...fromScratch({ ...report, packages: [one] }), paths: [one.path] }
}

/** The fixes of packages that share one with others, each for itself. */
function apartFrom(fixes, { packages }, yes) {
  const isSame = (fix) => fixes.some((one) => JSON.stringify(one.commands) === JSON.stringify(fix.commands))
  return packages
    .filter(({ ok, fix }) => !ok && fix)
    .map(({ fix, path: folder }) => ({ ...(yes ? withoutQuestions(fix) : fix), paths: [folder] }))
    .filter((fix) => fix.commands.length > 0 && fix.commands.every(isRunnable) && !isSame(fix))
}

function stageOf(fixes, report, apart) {
  const stepOf = ({ summary, why, commands, directory, paths }) => ({
    title: summary,
    why,
    commands,
    directory: directory ?? report.directory,
    paths,
  })
  const steps = fixes.map(stepOf)
  const broken = report.packages.filter(({ ok }) => !ok)
  const folders = broken.map((one) => folderOf(one, report))
  return { steps, apart: apart.map(stepOf), folders, trees: treesOf(steps, report) }
}

/** The node_modules that a stage may change, by what installs or by scripts: where a command runs, and those of the packages. */
function treesOf(steps, report) {
  const outermost = /^.*?[\\/]node_modules(?=[\\/])/
  const ofPackages = report.packages.map(({ path: folder }) => outermost.exec(folder)?.[0]).filter(Boolean)
  return [...new Set([...steps.map(({ directory }) => path.join(directory, 'node_modules')), ...ofPackages])]
}

/** What is kept of a package: all of it; of a folder that somebody works in, only what its build made. */
function folderOf({ path: folder, active }, { directory }) {
  const isAround = directory === folder || directory.startsWith(folder + path.sep)
  if (!isAround && folder.split(path.sep).includes('node_modules')) return folder
  const relative = active ? path.relative(folder, active.file) : ''
  const isWithin = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
  return path.join(folder, isWithin ? relative.split(path.sep)[0] : 'build')
}

/** pnpm 10 asks which builds to approve; who says yes to everything means all that wait. */
function withoutQuestions(fix) {
  const answer = (words) => (words.join(' ') === 'pnpm approve-builds' ? [...words, '--all'] : words)
  return { ...fix, commands: fix.commands.map(answer) }
}

/** The part of a plan that only rebuilds: no package is installed anew, nothing is allowed that wasn't. */
function rebuildOf(report) {
  const isOnlyRebuild = ({ commands }) => commands.length > 0 && commands.every(isRebuild)
  const fixes = report.fixes.filter(isOnlyRebuild)
  const stages = fixes.length > 0 ? [stageOf(fixes, report, apartFrom(fixes, report, false))] : []
  return { stages, rest: report.fixes.filter((fix) => !fixes.includes(fix)) }
}

module.exports = { folderOf, planOf, rebuildOf }
