// Requires packages of an installed project in a real process. Reports are compared with the
// results.
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../../scripts/support/cache.mjs'
import { layouts } from './layouts.mjs'

const probe = fileURLToPath(new URL('./probe.cjs', import.meta.url))

/**
 * @param {string} folder the project's
 * @param {{ via: string[], name: string }[]} wanted `via`: names from the project down to the
 *   dependent, without the project
 * @param {{ layout?: string, execPath?: string, pnp?: string }} options `pnp`: the map, if it isn't
 *   in the folder
 * @returns {Promise<{ name: string, error: string | null, opened: { file: string, loaded: boolean
 *   }[], died?: string }[]>}
 */
export async function requireAll(
  folder,
  wanted,
  { layout, execPath = process.execPath, pnp = join(folder, '.pnp.cjs') } = {},
) {
  const work = temporaryFolder()
  const answer = join(work, 'answer.json')
  const list = wanted.map(({ via, name }) => ({ via: [folder, ...via], name }))
  const flags = layouts[layout]?.pnp ? ['-r', pnp] : []
  try {
    const died = await ended(
      spawn(
        '/bin/sh',
        [
          '-c',
          'ulimit -c 0; exec "$@"',
          'sh',
          execPath,
          ...flags,
          probe,
          answer,
          JSON.stringify(list),
        ],
        {
          cwd: folder,
          env: { PATH: process.env.PATH, HOME: work, LANG: 'C' },
          stdio: 'ignore',
        },
      ),
    )
    const answers = JSON.parse(readFileSync(answer, 'utf8'))
    if (died) answers.at(-1).died = died
    return answers
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const ended = (child) =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      resolve(signal ?? (code === 0 ? null : `exit code ${code}`)),
    )
  })
