// Real launchers: pm2, AWS Lambda's runtime, functions-framework, compilers of TypeScript, and a
// single executable.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { write } from '../layouts/installed.mjs'
import { installedIn } from '../runners/install.mjs'
import { app, checkout, node, run } from '../support/apps.mjs'
import { both, guarded, launchers } from './roots.suite.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const guard = join(checkout, 'register.js')
const REPORT = /AbiError: .*1 of 1 native package can't be loaded/
const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const canMount =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /proc']).status === 0

/** Lambda's own client is an addon; this one makes the same requests. */
const CLIENT = `
  const post = (path, body) => require('node:http').request('http://' +
    process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/' + path,
    { method: 'POST' }).end(body)
  module.exports = { initializeClient() {}, done: (id, body) => post(id + '/response', body),
    error: (id, body) => post(id + '/error', body) }`

export function launched() {
  let tools
  before(async () => {
    tools = join(await installedIn(here, 'launchers'), 'node_modules')
  })

  /** Starts an app with pm2, and returns what its log files and its list say. */
  async function pm2(folder, args) {
    const env = { PM2_HOME: join(folder, '.pm2') }
    const command = (...words) => node([join(tools, 'pm2/bin/pm2'), ...words], { cwd: '/', env })
    const log = (name) => {
      try {
        return readFileSync(join(folder, '.pm2', 'logs', name), 'utf8')
      } catch {
        return ''
      }
    }
    try {
      await command('start', ...args, '--no-autorestart', '--name', 'app', '--merge-logs')
      for (let tries = 0; tries < 12 && !log('app-out.log') && !log('app-error.log'); tries++)
        await delay(250)
      return { out: log('app-out.log'), error: log('app-error.log') }
    } finally {
      await command('kill')
    }
  }

  const STAYS = "console.log('ran'); setInterval(() => {}, 1000)"

  for (const mode of [[], ['-i', '1']])
    test(`pm2 ${mode.length > 0 ? 'in a cluster' : 'with a fork'}`, async () => {
      const ways = [
        (folder) => [join(folder, 'required.js')],
        (folder) => [join(folder, 'stays.js'), '--node-args', `-r ${guard}`],
      ]
      for (const way of ways)
        for (const [kind, folder] of Object.entries(await both())) {
          write(folder, {
            'stays.js': STAYS,
            'required.js': `require('abi-guard/register'); ${STAYS}`,
          })
          const { out, error } = await pm2(folder, [...way(folder), ...mode])
          if (kind === 'healthy') assert.deepEqual({ out, error }, { out: 'ran\n', error: '' })
          else {
            assert.equal(out, '', 'it was stopped')
            // In a cluster, pm2 loses every error of the start, also of an app without the guard.
            if (mode.length === 0) assert.match(error, REPORT)
          }
        }
    })

  /** Runs Lambda's runtime as /var/runtime/index.mjs with an app in /var/task. */
  async function lambda(folder, handler, { env = {}, runtime }) {
    const posted = []
    const server = createServer((request, response) => {
      const isNext = request.url.endsWith('/next')
      let body = ''
      request.on('data', (part) => (body += part))
      request.on('end', () => {
        if (!isNext) posted.push(body)
        if (isNext && server.asked) return
        server.asked ||= isNext
        response.setHeader('lambda-runtime-aws-request-id', '1')
        response.setHeader('lambda-runtime-deadline-ms', String(Date.now() + 3000))
        response.setHeader('lambda-runtime-invoked-function-arn', 'arn')
        response.writeHead(isNext ? 200 : 202).end('{}')
      })
    })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const text =
      'mount -t tmpfs none /var && mkdir /var/runtime /var/task && ' +
      `mount --bind ${runtime} /var/runtime && mount --bind ${folder} /var/task && ` +
      `cd /var/task && exec ${process.execPath} /var/runtime/index.mjs ${handler}`
    const child = spawn('unshare', ['-m', 'sh', '-c', text], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env.PATH,
        LAMBDA_TASK_ROOT: '/var/task',
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`,
        AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
        _HANDLER: handler,
        ...env,
      },
    })
    let stderr = ''
    child.stderr.on('data', (part) => (stderr += part))
    try {
      for (let tries = 0; tries < 40 && child.exitCode === null && posted.length === 0; tries++)
        await delay(250)
      await delay(250)
      return { posted: posted.join('\n'), stderr }
    } finally {
      child.kill()
      server.close()
      server.closeAllConnections()
    }
  }

  test('AWS Lambda', { skip: !canMount && 'needs a namespace of mounts' }, async () => {
    const source = readFileSync(join(tools, 'aws-lambda-ric/dist/index.mjs'), 'utf8').replace(
      '__require("./rapid-client.node")',
      '__require("./rapid-client.cjs")',
    )
    const start = '\nawait run(process.env.LAMBDA_TASK_ROOT, process.argv[2])\n'
    const runtime = await app([], '', {
      files: { 'index.mjs': source + start, 'rapid-client.cjs': CLIENT },
    })
    const HANDLER = "handler = async () => 'ran'"
    for (const [kind, folder] of Object.entries(await both())) {
      write(folder, {
        'cjs.js': `require('abi-guard/register'); exports.${HANDLER}`,
        'esm.mjs': `import 'abi-guard/register'\nexport const ${HANDLER}`,
        'bare.js': `exports.${HANDLER}`,
      })
      const option = { NODE_OPTIONS: '-r abi-guard/register' }
      for (const [handler, env] of [['cjs'], ['esm'], ['bare', option]]) {
        const { posted, stderr } = await lambda(folder, `${handler}.handler`, { env, runtime })
        if (kind === 'broken') assert.match(`AbiError: ${posted}${stderr}`, REPORT, handler)
        else assert.deepEqual({ posted, stderr }, { posted: '"ran"', stderr: '' }, handler)
      }
    }
  })

  test('functions-framework, installed globally', async () => {
    const main = join(tools, '@google-cloud/functions-framework/build/src/main.js')
    for (const [kind, folder] of Object.entries(await both())) {
      write(folder, {
        'function.js':
          "require('abi-guard/register'); exports.app = (_, response) => response.send('ran')",
      })
      const port = String(20_000 + Math.floor(Math.random() * 10_000))
      const args = ['--target=app', `--source=${join(folder, 'function.js')}`, `--port=${port}`]
      const child = spawn(process.execPath, [main, ...args], { cwd: '/' })
      let stderr = ''
      child.stderr.on('data', (part) => (stderr += part))
      let text
      for (let tries = 0; tries < 40 && child.exitCode === null && text === undefined; tries++) {
        await delay(250)
        text = await fetch(`http://127.0.0.1:${port}/`).then(
          (response) => response.text(),
          () => undefined,
        )
      }
      child.kill()
      if (kind === 'broken') assert.match(stderr, REPORT)
      else assert.deepEqual({ text, stderr }, { text: 'ran', stderr: '' })
    }
  })

  test('tsx and ts-node', async () => {
    const apps = await both()
    for (const folder of Object.values(apps))
      write(folder, {
        'first.ts': "import 'abi-guard/register'\nconst text: string = 'ran'\nconsole.log(text)\n",
        'main.ts': "const text: string = 'ran'\nconsole.log(text)\n",
        'tsconfig.json': { compilerOptions: { types: [] } },
      })
    const tsx = join(tools, 'tsx/dist/cli.mjs')
    const tsNode = join(tools, 'ts-node/dist/bin.js')
    const env = { TS_NODE_TRANSPILE_ONLY: '1', NODE_NO_WARNINGS: '1' }
    const preload = { ...env, NODE_OPTIONS: `-r ${guard}` }
    for (const tool of [tsx, tsNode]) {
      await guarded(apps, (folder) => node([tool, join(folder, 'first.ts')], { cwd: '/', env }))
      await guarded(apps, (folder) =>
        node([tool, join(folder, 'main.ts')], { cwd: folder, env: preload }),
      )
    }
    // A loader runs in a thread of its own.
    for (const folder of Object.values(apps))
      write(folder, {
        'package.json': { ...manifestOf(folder), type: 'module' },
        'tsconfig.json': { compilerOptions: { types: [], module: 'esnext', target: 'esnext' } },
      })
    const loader = join(tools, 'ts-node/esm.mjs')
    for (const [name, flags] of [
      ['first.ts', []],
      ['main.ts', ['-r', guard]],
    ])
      await guarded(apps, (folder) =>
        node([...flags, '--loader', loader, join(folder, name)], { cwd: folder, env }),
      )
  })

  test('a single executable is guarded in its project, and says elsewhere that it can’t', async () => {
    const esbuild = join(await installedIn(here, 'bundlers'), 'node_modules/esbuild/bin/esbuild')
    const apps = await both()
    const elsewhere = launchers()
    const files = {}
    for (const [kind, folder] of Object.entries(apps)) {
      const bundle = ['first.js', '--bundle', '--platform=node', '--outfile=out.js']
      await node([esbuild, ...bundle], { cwd: folder })
      write(folder, {
        'sea.json': { main: 'out.js', output: 'sea.blob', disableExperimentalSEAWarning: true },
      })
      await node(['--experimental-sea-config', 'sea.json'], { cwd: folder })
      files[kind] = join(folder, 'single')
      copyFileSync(process.execPath, files[kind])
      chmodSync(files[kind], 0o755)
      const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'
      const postject = [join(tools, 'postject/dist/cli.js'), files[kind], 'NODE_SEA_BLOB']
      await node([...postject, 'sea.blob', '--sentinel-fuse', fuse], { cwd: folder })
    }
    await guarded(files, (file) => run(file, [], { cwd: '/' }))
    const moved = join(elsewhere, 'single')
    copyFileSync(files.broken, moved)
    const { code, stdout, stderr } = await run(moved, [], { cwd: '/' })
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'ran\n' })
    assert.match(stderr, /^abi-guard can't guard a single executable: [^\n]*guarded now\n$/)
    for (const file of [moved, ...Object.values(files)]) rmSync(file)
  })
}

const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
