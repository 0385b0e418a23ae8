'use strict'
// Makes the plan of a repair from a report. The first stage has the fix of each package. The second
// stage, if the first isn't enough, installs the packages from scratch.

const fs = require('node:fs')
const path = require('node:path')
const native = require('../native.js')
const { request, unwrap } = require('../request.js')
const { isRebuild, isRunnable, problemOf } = require('./commands.js')
const { mayReplace } = require('./journal.js')

/**
 * @typedef {{ title: string, why: string, commands: string[][], directory: string,
 *   paths?: string[] }} Step `paths`: the packages that the step is for, if not all
 * @typedef {{ steps: Step[], apart: Step[], folders: string[], trees: string[] }} Stage `apart`:
 *   the steps with one command per package; `folders`: the folders that the steps may replace;
 *   `trees`: the folders that the steps may remove files from
 */

/** The stages of a plan, and the fixes that only the user can run (`rest`). */
function planOf(report) {
  const { fixes } = report
  const own = fixes.filter(({ commands }) => commands.length > 0 && commands.every(isRunnable))
  const rest = fixes.filter((fix) => !own.includes(fix))
  const stages = []
  if (own.length > 0) stages.push(stageOf(own, report, apartFrom(own, report)))
  const again = own.length > 0 ? fromScratch(report) : undefined
  if (again?.commands.every(isRunnable)) {
    const each = ownedOf(report.packages, rootOf(report.directory), ['installed']).filter(
      ({ ok }) => !ok,
    )
    const apart = each.length > 1 ? each.map((one) => scratchOf(one, report)) : []
    stages.push(
      stageOf([{ ...again, paths: each.map(({ path: folder }) => folder) }], report, apart),
    )
  }
  return { stages, rest }
}

const fromScratch = (report) => unwrap(native.cleanReinstall(JSON.stringify(report), request()))

function scratchOf(one, report) {
  return { ...fromScratch({ ...report, packages: [one] }), paths: [one.path] }
}

/** One fix per package, for packages that share a fix with others. */
function apartFrom(fixes, { packages }) {
  const isSame = (fix) =>
    fixes.some((one) => JSON.stringify(one.commands) === JSON.stringify(fix.commands))
  return packages
    .filter(({ ok, fix }) => !ok && fix)
    .map(({ fix, path: folder }) => ({ ...fix, paths: [folder] }))
    .filter((fix) => fix.commands.length > 0 && fix.commands.every(isRunnable) && !isSame(fix))
}

function stageOf(fixes, report, apart) {
  const stepOf = ({ summary, why, commands, directory, paths }) => ({
    title: summary,
    why,
    commands: commands.map(withoutLinks),
    directory: directory ?? report.directory,
    paths,
  })
  const steps = fixes.map(stepOf)
  const broken = report.packages.filter(({ ok }) => !ok)
  const root = rootOf(report.directory)
  const folders = placesOf(broken, root).filter(Boolean)
  return { steps, apart: apart.map(stepOf), folders, trees: treesOf(steps, report, root) }
}

/** The root of the installation that a folder belongs to. Commands run there. */
const rootOf = (directory) => unwrap(native.installation(directory)).root

/**
 * The node_modules folders that a stage may change, by an installation or by scripts: those in the
 * folders of the commands, and those of the packages. Targets of links outside of the installation
 * are left out.
 */
function treesOf(steps, report, root) {
  const outermost = /^.*?[\\/]node_modules(?=[\\/])/
  const ofPackages = report.packages
    .map(({ path: folder }) => outermost.exec(folder)?.[0])
    .filter(Boolean)
  const trees = [
    ...steps.map(({ directory }) => path.join(directory, 'node_modules')),
    ...ofPackages,
  ].map(real)
  const found = [...new Set(trees)].filter((tree) => tree !== undefined)
  const isOwned = mayReplace(root, found)
  return found.filter((_, index) => isOwned[index])
}

/**
 * The part of each package that is backed up: its folder, or only the build output if it is the
 * user's own source. Nothing of a package that belongs to another project, because no step changes
 * it.
 * @returns {(string | undefined)[]}
 */
function placesOf(packages, root) {
  const owners = ownersOf(packages, root)
  return packages.map(({ path: named, active }, index) => {
    const folder = real(named) ?? named
    if (owners[index] === 'installed') return folder
    return owners[index] === 'sources' ? path.join(folder, outputOf(folder, active)) : undefined
  })
}

/** The packages that a repair can change. A package of another project is fixed in that project. */
function ownedOf(packages, root, kinds = ['installed', 'sources']) {
  const owners = ownersOf(packages, root)
  return packages.filter((_, index) => kinds.includes(owners[index]))
}

const ownersOf = (packages, root) =>
  unwrap(
    native.ownershipOf(
      root,
      packages.map(({ path: folder }) => real(folder) ?? folder),
    ),
  )

/** The file or folder in a package that its build creates. */
function outputOf(folder, active) {
  const relative = active ? path.relative(folder, real(active.file) ?? active.file) : ''
  const isWithin = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
  return isWithin ? relative.split(path.sep)[0] : 'build'
}

/** The real path of a file or folder, or `undefined` if it doesn't exist. */
function real(file) {
  try {
    return fs.realpathSync(file)
  } catch {
    return undefined
  }
}

/**
 * Bun links files to its cache, and scripts would write there. An option prevents this; for other
 * package managers, programs.js sets a variable.
 */
function withoutLinks(words) {
  return words[0] === 'bun' && words[1] === 'install' ? [...words, '--backend=copyfile'] : words
}

/** The part of a plan that only rebuilds. It installs no package and allows no blocked script. */
function rebuildOf(report) {
  const isOnlyRebuild = ({ commands }) => commands.length > 0 && commands.every(isRebuild)
  const fixes = report.fixes.filter(isOnlyRebuild)
  const stages = fixes.length > 0 ? [stageOf(fixes, report, apartFrom(fixes, report))] : []
  return { stages, rest: report.fixes.filter((fix) => !fixes.includes(fix)) }
}

/**
 * The stages of a plan up to the first with a program that can't be started.
 * @returns {{ stages: object[], obstacles: string[] }} `obstacles`: why the next stage can't be
 *   run, each reason once
 */
function startableOf({ stages }, root) {
  const obstaclesOf = ({ steps }) => {
    const commands = steps.flatMap(({ commands }) => commands)
    return [...new Set(commands.map((words) => problemOf(words, root)).filter(Boolean))]
  }
  for (const [index, stage] of stages.entries()) {
    const obstacles = obstaclesOf(stage)
    if (obstacles.length > 0) return { stages: stages.slice(0, index), obstacles }
  }
  return { stages, obstacles: [] }
}

/** The fixes of later reports whose commands a plan doesn't have, each once. */
function untriedOf({ stages }, fixes) {
  const steps = stages.flatMap(({ steps, apart }) => [...steps, ...apart])
  const known = new Set(steps.flatMap(({ commands }) => commands.map((words) => words.join(' '))))
  const isNew = ({ commands }) => commands.some((words) => !known.has(words.join(' ')))
  return fixes.filter((fix, index) => {
    const same = (other) => JSON.stringify(other.commands) === JSON.stringify(fix.commands)
    return isNew(fix) && fixes.findIndex(same) === index
  })
}

module.exports = { ownedOf, placesOf, planOf, rebuildOf, rootOf, startableOf, untriedOf }
