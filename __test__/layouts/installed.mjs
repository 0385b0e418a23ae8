// Installs a project with one layout, once, and returns its folder. The folder is shared and must
// not be changed: a test that changes something makes a copy (copy.mjs).
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inCache, once, readJson, shortHash } from '../../scripts/support/cache.mjs'
import { layouts } from './layouts.mjs'
import { pins, run } from './managers.mjs'

/**
 * @param {string} layout one of layouts.mjs
 * @param {Record<string, string | object>} files the project: path → text, or an object as JSON
 * @param {{ scripts?: boolean, args?: string[], env?: Record<string, string>, settings?: object }}
 *   options `scripts`: run the install scripts of packages; `settings`: more settings in the
 *   manager's own file
 * @returns {Promise<string>} the project's folder
 */
export async function installed(
  layout,
  files,
  { scripts = false, args = [], env = {}, settings } = {},
) {
  const about = layouts[layout]
  const all = { ...about.files(manifestOf(files), settings), ...files }
  const command = [...about.args, ...(scripts ? [] : about.noScripts), ...args]
  const identity = JSON.stringify([
    pins[about.manager],
    all,
    command,
    env,
    process.versions.modules,
  ])
  const place = inCache('layouts', 'projects', `${layout}-${shortHash(identity)}`)
  // The project is installed in its final folder: links to a store outside, and Yarn's paths to it,
  // break if they are moved. A file that is written last marks a complete installation.
  const record = await once(join(place, 'installed.json'), async (file) => {
    mkdirSync(place, { recursive: true })
    const folder = mkdtempSync(join(place, 'try-'))
    try {
      const name = 'project'
      write(join(folder, name), all)
      await run(about.manager, command, { cwd: join(folder, name), env })
      writeFileSync(file, JSON.stringify({ folder: join(folder, name) }))
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  })
  return readJson(record).folder
}

const manifestOf = ({ 'package.json': manifest }) =>
  typeof manifest === 'string' ? JSON.parse(manifest) : manifest

export function write(root, files) {
  mkdirSync(root, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(
      path,
      typeof content === 'string' || Buffer.isBuffer(content)
        ? content
        : JSON.stringify(content, null, 2),
    )
  }
}

/** The text files of a folder of this repository, in the form that `installed` accepts. */
export const fixture = (name) => ({
  'package.json': readFileSync(new URL(`./${name}/package.json`, import.meta.url), 'utf8'),
})
