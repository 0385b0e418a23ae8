// node mounts.mjs <app> <addon>: asks the guard with and without its index in mounted copies of an
// app, as containers have them. It runs in a mount namespace of its own: unshare -rm node …
// `addon` is a file that doesn't load.
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const require = createRequire(import.meta.url)
const { jobOf } = require('../../lib/guard.js')
const { unwrap } = require('../../lib/request.js')

const [, , app, addon] = process.argv
const at = (...parts) => join(app, '..', ...parts)
const native = 'node_modules/native/build/Release'
const mount = (...args) => execFileSync('mount', args)

function overlay(place, layers, upper) {
  const writable = upper ? `,upperdir=${upper},workdir=${at('work')}` : ',ro'
  const options = `userxattr,lowerdir=${layers.join(':')}${writable}`
  mkdirSync(place, { recursive: true })
  mount('-t', 'overlay', 'overlay', '-o', options, place)
}

function report(folder, byIndex) {
  const scan = { target: { execPath: process.execPath }, production: true, strict: false }
  const { report } = unwrap(jobOf(folder, scan, { byIndex, whole: true }).run())
  const isKnown = report.stats.milliseconds === 0
  report.stats.milliseconds = 0
  return { isKnown, text: JSON.stringify(report), ok: report.ok }
}

/** Two starts in a folder. The second one may find what the first has kept. */
function starts(what, folder) {
  const expected = report(folder, false)
  const all = [report(folder, true), report(folder, true)]
  const isRight = all.every(({ text }) => text === expected.text)
  return { what, ok: expected.ok, isRight, known: all.map(({ isKnown }) => isKnown) }
}

const results = []
mkdirSync(at('work'))
mkdirSync(at('upper'))
const merged = at('merged')
overlay(merged, [app], at('upper'))
results.push(starts('a container', merged))
for (const file of readdirSync(join(merged, native)))
  copyFileSync(addon, join(merged, native, file))
await sleep(50)
results.push(starts('a container with another addon', merged))
execFileSync('umount', [merged])
rmSync(at('upper', 'node_modules/native'), { recursive: true })
overlay(merged, [at('upper'), app])
results.push(starts('an image from that container, with the first addon', merged))
execFileSync('umount', [merged])
mkdirSync(at('read-only'))
mount('--bind', app, at('read-only'))
mount('-o', 'remount,bind,ro', at('read-only'))
results.push(starts('a read-only folder', at('read-only')))
cpSync(at('upper'), app, { recursive: true })
results.push(starts('a read-only folder with an index of another', at('read-only')))
console.log(JSON.stringify(results))
