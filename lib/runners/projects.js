'use strict'
// Reads the runner's configuration: the projects of the tests, and whether threads load the addons.

const fs = require('node:fs')
const path = require('node:path')
const { packageRoot } = require('../root.js')

/**
 * The projects of a run, each folder once.
 * @param {object} [first] Jest's global configuration, or a project of Vitest
 * @param {object} [second] Jest's configuration of a project
 * @returns {{ folder: string, threads: boolean }[]}
 */
function projectsOf(first, second) {
  const all = new Map()
  for (const { root, threads } of found(first, second)) {
    const folder = packageRoot(real(root))
    all.set(folder, { folder, threads: threads || (all.get(folder)?.threads ?? false) })
  }
  return [...all.values()]
}

function found(first, second) {
  if (first?.vitest && first.config) return projectsOfVitest(first)
  if (typeof first?.rootDir === 'string') return projectsOfJest(first, second)
  return [{ root: process.cwd(), threads: false }]
}

/**
 * The folders that are checked already, for each run of Vitest. If projects inherit the setup,
 * Vitest calls it for each of them.
 */
const seen = new WeakMap()

/**
 * Vitest calls the root's setup for all projects, and a project's setup for this project only.
 * Projects that run in a browser load no addons.
 */
function projectsOfVitest(project) {
  const { vitest } = project
  const projects =
    vitest.getRootProject?.() === project && vitest.projects?.length > 0
      ? vitest.projects
      : [project]
  const done = seen.get(vitest) ?? new Set()
  seen.set(vitest, done)
  return projects
    .filter(({ config }) => !config.browser?.enabled && !done.has(config.root))
    .map(({ config }) => {
      done.add(config.root)
      return { root: config.root, threads: hasThreads(config) }
    })
}

/** True if several worker threads load the same addons at once. */
function hasThreads({ pool, maxWorkers, poolOptions }) {
  const { singleThread, maxThreads } = poolOptions?.[pool] ?? {}
  const several = maxWorkers !== 1 && maxThreads !== 1 && !singleThread
  return several && (pool === 'threads' || pool === 'vmThreads')
}

/**
 * Jest calls the setup once for all projects that list it. The global configuration lists all
 * projects.
 */
function projectsOfJest({ rootDir, projects, workerThreads, maxWorkers }, project) {
  const others = Array.isArray(projects) ? projects.map((one) => rootOfJest(one, rootDir)) : []
  const roots = [project?.rootDir, ...others].filter((root) => typeof root === 'string')
  // With one worker, tests run in Jest's own process.
  const threads = workerThreads === true && maxWorkers !== 1
  return (roots.length > 0 ? roots : [rootDir]).map((root) => ({ root, threads }))
}

/**
 * The folder of a project. Jest names a project by its folder, its configuration file or its
 * configuration.
 */
function rootOfJest(project, rootDir) {
  if (typeof project === 'string') {
    const place = path.resolve(rootDir, project.replace('<rootDir>', rootDir))
    const stats = fs.statSync(place, { throwIfNoEntry: false })
    if (stats === undefined) return undefined
    return stats.isDirectory() ? place : path.dirname(place)
  }
  const root = project?.rootDir
  return typeof root === 'string'
    ? path.resolve(rootDir, root.replace('<rootDir>', rootDir))
    : undefined
}

/** The real path of a folder, so that two paths to it are equal. */
function real(folder) {
  try {
    return fs.realpathSync(folder)
  } catch {
    return folder
  }
}

module.exports = { projectsOf }
