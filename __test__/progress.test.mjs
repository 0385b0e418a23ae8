// What a repair says while a command is silent.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { suite, test } from 'node:test'

const { follow, packageOf } = createRequire(import.meta.url)('../lib/repair/progress.js')

/** A stream that keeps what is written. */
function output(more) {
  const parts = []
  return { ...more, parts, write: (part) => parts.push(String(part)), text: () => parts.join('') }
}

suite('a silent command', { concurrency: 1 }, () => {
  test('is named in a log, rarely', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
    const log = output()
    const progress = follow(undefined, ['npm', 'rebuild', 'a'], log)
    t.mock.timers.tick(29_000)
    assert.deepEqual(log.parts, [])
    t.mock.timers.tick(1000)
    t.mock.timers.tick(60_000)
    assert.deepEqual(log.parts, ['running npm rebuild a: 30 s\n', 'running npm rebuild a: 90 s\n'])
    progress.end()
    t.mock.timers.tick(600_000)
    assert.equal(log.parts.length, 2)
  })

  test('has one line on a terminal, which output replaces', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
    const terminal = output({ isTTY: true, columns: 30 })
    const progress = follow(undefined, ['npm', 'rebuild', 'a-package-with-a-long-name'], terminal)
    t.mock.timers.tick(2000)
    assert.equal(terminal.text(), '\r\u001b[2Krunning npm rebuild a-package')
    progress.before(Buffer.from('half a'))
    assert.ok(terminal.text().endsWith('\r\u001b[2K'))
    // A line of the command isn't finished: nothing is written into it.
    t.mock.timers.tick(10_000)
    assert.equal(terminal.parts.length, 2)
    progress.before(Buffer.from(' line\n'))
    t.mock.timers.tick(2000)
    assert.equal(terminal.parts.length, 3)
    progress.end()
    assert.equal(terminal.parts.at(-1), '\r\u001b[2K')
  })

  test('works in the folder of a package', () => {
    for (const [folder, name] of [
      ['/app/node_modules/a', 'a'],
      ['/app/node_modules/@s/a/build', '@s/a'],
      ['/app/node_modules/.pnpm/a@1.0.0/node_modules/a', 'a'],
      ['/app/node_modules/a/node_modules/b', 'b'],
      ['/app/node_modules/.bin', undefined],
      ['/app', undefined],
      ['', undefined],
    ])
      assert.equal(packageOf(folder), name, folder)
  })
})
