// Next.js with the guard in instrumentation.js, built with webpack and with Turbopack.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { write } from '../layouts/installed.mjs'
import { installedIn } from '../runners/install.mjs'
import { node } from '../support/apps.mjs'
import { both, install } from './roots.suite.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))

const PAGE = `export const dynamic = 'force-dynamic'
export default () => 'ran'`

const INSTRUMENTATION = `export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') await import('abi-guard/register')
}`

const filesOf = (external) => ({
  'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>',
  'app/page.js': PAGE,
  'instrumentation.js': INSTRUMENTATION,
  'next.config.mjs': `export default { serverExternalPackages: ${JSON.stringify(external)},
    outputFileTracingRoot: import.meta.dirname, turbopack: { root: import.meta.dirname } }`,
})

/** Starts the server, and asks for its page once. */
async function serve(folder, program) {
  const port = 20_000 + Math.floor(Math.random() * 10_000)
  const args = [program, 'start', '-p', String(port)]
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (part) => (stderr += part))
  child.stdout.resume()
  try {
    for (let tries = 0; tries < 60; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
      if (response) return { status: response.status, stderr }
    }
    return { status: undefined, stderr }
  } finally {
    child.kill()
  }
}

export function next() {
  let tools
  before(async () => {
    tools = join(await installedIn(here, 'next'), 'node_modules')
  })

  for (const bundler of ['webpack', 'turbopack'])
    for (const external of [[], ['abi-guard']])
      test(`${bundler}, external: ${external.length > 0}`, async () => {
        const apps = await both()
        for (const [kind, folder] of Object.entries(apps)) {
          for (const name of readdirSync(tools).filter((one) => one !== '.bin'))
            cpSync(join(tools, name), join(folder, 'node_modules', name), { recursive: true })
          // Turbopack follows no link out of the project.
          install(folder)
          write(folder, filesOf(external))
          const program = join(folder, 'node_modules/next/dist/bin/next')
          const built = await node([program, 'build', `--${bundler}`], {
            cwd: folder,
            timeout: 300_000,
          })
          assert.equal(built.code, 0, built.stdout + built.stderr)
          assert.doesNotMatch(built.stdout + built.stderr, /abi-guard/)
          const { status, stderr } = await serve(folder, program)
          if (kind === 'healthy') assert.deepEqual({ status, stderr }, { status: 200, stderr: '' })
          else {
            assert.equal(status, 500)
            assert.match(stderr, /AbiError: .*1 of \d native packages? can't be loaded/)
          }
        }
      })
}
