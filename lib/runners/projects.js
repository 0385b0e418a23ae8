'use strict'
// Which folders the tests belong to, and how their addons will be loaded, as far as the runner's
// configuration says.

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
 * The folders that a run of Vitest has seen to: where projects inherit the setup, it is called for
 * each.
 */
const seen = new WeakMap()

/**
 * Vitest calls the setup of the root for all projects, one of a project for that alone. In a
 * browser no addon is loaded.
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

/** True where several worker threads load the same addons at once. */
function hasThreads({ pool, maxWorkers, poolOptions }) {
  const { singleThread, maxThreads } = poolOptions?.[pool] ?? {}
  const several = maxWorkers !== 1 && maxThreads !== 1 && !singleThread
  return several && (pool === 'threads' || pool === 'vmThreads')
}

/**
 * Jest calls the setup once for all projects that name it, and tells of all projects in the global
 * configuration.
 */
function projectsOfJest({ rootDir, projects, workerThreads, maxWorkers }, project) {
  const others = Array.isArray(projects) ? projects.map((one) => rootOfJest(one, rootDir)) : []
  const roots = [project?.rootDir, ...others].filter((root) => typeof root === 'string')
  // With one worker, tests run in Jest's own process.
  const threads = workerThreads === true && maxWorkers !== 1
  return (roots.length > 0 ? roots : [rootDir]).map((root) => ({ root, threads }))
}

/**
 * The folder of a project that is named by its folder, its configuration file or its configuration.
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

/** Two ways to a folder are one folder. */
function real(folder) {
  try {
    return fs.realpathSync(folder)
  } catch {
    return folder
  }
}

module.exports = { projectsOf }
