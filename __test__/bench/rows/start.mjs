// Starts of apps with the guard, beside the same starts without it.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startBare, startGuarded, writeIndex } from '../guarded.mjs'
import { environment } from '../processes.mjs'
import { atMost, grouped } from '../table.mjs'
import { appCopy, breakApp, countFiles, largeTree } from '../trees.mjs'

export async function start(guard, table) {
  await inApp(guard, table)
  await inLargeTree(guard, table)
}

async function inApp(guard, table) {
  const { folder, packages } = await appCopy()
  const script = (name) => join(folder, name)
  const row = (name, { what, env, target }) =>
    table.row({
      what,
      measure: () => startGuarded(guard, script(name), env),
      beside: `node ${name}`,
      other: () => startBare(script(name)),
      target,
    })
  try {
    table.group(`Second start of an app with ${packages} packages, with -r abi-guard/register`)
    await writeIndex(guard, folder)
    row('app.js', { what: 'healthy; the app does nothing', target: atMost(1.1) })
    row('server.js', { what: 'healthy; the app loads its dependencies' })
    const env = { ABI_GUARD: 'warn' }
    breakApp(folder)
    await writeIndex(guard, folder, env)
    assertReport(guard, script('app.js'), env)
    row('app.js', { what: 'one broken addon, ABI_GUARD=warn', env })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Throws if the guard doesn't report the broken addon. */
function assertReport(guard, script, env) {
  const { stderr } = spawnSync(process.execPath, ['-r', join(guard, 'register.js'), script], {
    encoding: 'utf8',
    env: { ...environment, ...env },
  })
  if (!stderr.includes('bcrypt')) throw new Error(`the guard didn't report bcrypt: ${stderr}`)
}

async function inLargeTree(guard, table) {
  const folder = await largeTree()
  table.group(`Second start of an app in a tree of ${grouped(countFiles(folder))} files`)
  await writeIndex(guard, folder)
  const script = join(folder, 'app.js')
  table.row({
    what: 'healthy; the app does nothing',
    measure: () => startGuarded(guard, script),
    beside: 'node app.js',
    other: () => startBare(script),
    target: atMost(1.15),
  })
}
