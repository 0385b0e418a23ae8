// The tools that make the projects of these tests: bundlers, packagers, generators. Each set is
// installed once, with pinned versions and without install scripts.
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inCache, once, shortHash } from '../../scripts/support/cache.mjs'
import { onlyInFullLane } from '../../scripts/support/lane.mjs'

const execute = promisify(execFile)

/**
 * Installs packages, and returns the folder with their node_modules.
 * @param {Record<string, string>} dependencies
 */
export async function tools(dependencies) {
  onlyInFullLane('installing the tools that make projects')
  const text = JSON.stringify({ name: 'tools', version: '1.0.0', private: true, dependencies })
  return once(inCache('made', shortHash(text)), async (made) => {
    mkdirSync(made)
    writeFileSync(join(made, 'package.json'), text)
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-engine-strict']
    await execute('npm', ['install', ...options], { cwd: made })
  })
}

/**
 * Runs a program, and returns its output.
 * @param {string[]} args after `node`
 * @param {import('node:child_process').ExecFileOptions} options
 */
export async function node(args, options) {
  const { stdout } = await execute(process.execPath, args, { ...options, maxBuffer: 1 << 26 })
  return stdout
}

/**
 * The real load: runs a text with Node.js, and returns the files that `process.dlopen` gets, and
 * the message of the error that ends it.
 * @param {string} text a function body of an ES module, with `require`
 */
export async function loads(text, cwd, env = {}) {
  const script = `import { createRequire } from 'node:module'
    const require = createRequire(process.cwd() + '/')
    const files = []
    const real = process.dlopen
    process.dlopen = (module, file, ...rest) => {
      files.push(file)
      return real(module, file, ...rest)
    }
    let error = null
    try { await (async () => { ${text} })() } catch (thrown) { error = thrown.message }
    process.stdout.write('\\n' + JSON.stringify({ files, error }))
    process.exit(0)`
  const environment = { ...process.env, ...env }
  const out = await node(['--input-type=module', '-e', script], { cwd, env: environment })
  return JSON.parse(out.slice(out.lastIndexOf('\n')))
}
