// A scan in a separate process with a time limit: a crash or a hang fails only one test.
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../../scripts/support/cache.mjs'

const library = fileURLToPath(new URL('../../index.js', import.meta.url))
const script = `
const { scanNodeModules, formatReport } = require(${JSON.stringify(library)})
const [answer, folders, options] = process.argv.slice(1)
const said = JSON.parse(folders).map((folder) => {
  const start = performance.now()
  try {
    const report = scanNodeModules(folder, JSON.parse(options))
    const seconds = (performance.now() - start) / 1000
    return { report, seconds, text: formatReport(report, 'text', { verbose: true, color: false }) }
  } catch ({ name, code, message }) {
    return { error: { name, code, message } }
  }
})
require('node:fs').writeFileSync(answer, JSON.stringify(said))
`

/**
 * @returns {Promise<{ report?: object, seconds?: number, text?: string, error?: object }>} the
 *   report, the duration of the scan, and the report as text; or the error that was thrown
 * @throws if the process died, or took longer than `limit` seconds
 */
export async function scanApart(folder, options, limits) {
  return (await scanAllApart([folder], options, limits))[0]
}

/** The same for several folders, one after the other. */
export async function scanAllApart(folders, options = {}, { limit = 20 } = {}) {
  const work = temporaryFolder()
  try {
    const answer = join(work, 'answer.json')
    const args = ['-e', script, answer, JSON.stringify(folders), JSON.stringify(options)]
    const child = spawn(
      '/bin/sh',
      ['-c', 'ulimit -c 0; exec "$@"', 'sh', process.execPath, ...args],
      {
        stdio: ['ignore', 'inherit', 'pipe'],
        timeout: limit * 1000,
        killSignal: 'SIGKILL',
      },
    )
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (part) => (errors += part))
    const [code, signal] = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (...how) => resolve(how))
    })
    if (code !== 0) {
      const how =
        signal === 'SIGKILL'
          ? `took longer than ${limit} s`
          : `died (${signal ?? `exit code ${code}`})`
      throw new Error(`the scan ${how}: ${errors.slice(0, 2000)}`)
    }
    return JSON.parse(readFileSync(answer, 'utf8'))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Every problem of a report as text: those of folders, of packages, and of their files. */
export const problemsOf = ({ problems, packages }) =>
  [
    ...problems,
    ...packages.flatMap((one) => [...one.problems, ...(one.active?.problems ?? [])]),
  ].map(({ code, message, path }) => `${code}: ${message}${path ? ` (${path})` : ''}`)
