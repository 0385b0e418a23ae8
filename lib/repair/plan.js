'use strict'
// What a repair will do, out of a report: first what each package needs, then, where that isn't
// enough, the packages from scratch.

const fs = require('node:fs')
const path = require('node:path')
const native = require('../native.js')
const { request, unwrap } = require('../request.js')
const { isRebuild, isRunnable } = require('./commands.js')
const { mayReplace } = require('./journal.js')

/**
 * @typedef {{ title: string, why: string, commands: string[][], directory: string,
 *   paths?: string[] }} Step `paths`: the packages that it is for, where it is for some only
 * @typedef {{ steps: Step[], apart: Step[], folders: string[], trees: string[] }} Stage `apart` are
 *   the steps with a command for each package, `folders` those that they may replace, `trees` those
 *   that they may take anything out of
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

/** The fixes of packages that share one with others, each for itself. */
function apartFrom(fixes, { packages }, yes) {
  const isSame = (fix) =>
    fixes.some((one) => JSON.stringify(one.commands) === JSON.stringify(fix.commands))
  return packages
    .filter(({ ok, fix }) => !ok && fix)
    .map(({ fix, path: folder }) => ({ ...(yes ? withoutQuestions(fix) : fix), paths: [folder] }))
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

/** The root of the installation that a folder belongs to, where commands run. */
const rootOf = (directory) => unwrap(native.installation(directory)).root

/**
 * The node_modules that a stage may change, by what installs or by scripts: where a command runs,
 * and those of the packages. What a link leads to outside of the installation is none of them.
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
 * What is kept of each package: its folder; of one that a person works in, only what its build
 * made; nothing of a package that belongs to another project, which no step changes.
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

/**
 * The packages that a repair of an installation can change; a foreign one is fixed in its own
 * project.
 */
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

/** The file or folder in a package's folder that its build makes. */
function outputOf(folder, active) {
  const relative = active ? path.relative(folder, real(active.file) ?? active.file) : ''
  const isWithin = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
  return isWithin ? relative.split(path.sep)[0] : 'build'
}

/** Where a file or folder is, links followed; undefined where it isn't. */
function real(file) {
  try {
    return fs.realpathSync(file)
  } catch {
    return undefined
  }
}

/**
 * Bun links to its cache, where the scripts that it runs would write; no variable tells it not to
 * (programs.js does for others).
 */
function withoutLinks(words) {
  return words[0] === 'bun' && words[1] === 'install' ? [...words, '--backend=copyfile'] : words
}

/** pnpm 10 asks which builds to approve; --yes means all that wait. */
function withoutQuestions(fix) {
  const answer = (words) =>
    words.join(' ') === 'pnpm approve-builds' ? [...words, '--all'] : words
  return { ...fix, commands: fix.commands.map(answer) }
}

/**
 * The part of a plan that only rebuilds: no package is installed anew, nothing is allowed that
 * wasn't.
 */
function rebuildOf(report) {
  const isOnlyRebuild = ({ commands }) => commands.length > 0 && commands.every(isRebuild)
  const fixes = report.fixes.filter(isOnlyRebuild)
  const stages = fixes.length > 0 ? [stageOf(fixes, report, apartFrom(fixes, report, false))] : []
  return { stages, rest: report.fixes.filter((fix) => !fixes.includes(fix)) }
}

module.exports = { ownedOf, placesOf, planOf, rebuildOf, rootOf }
