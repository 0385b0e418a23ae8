// The rooms of src/: which room may use which (the order of the data, lib.rs), and inside a room no
// file imports in a circle. Read from the `use` lines and the paths in the code, so that neither
// cargo nor the addon is needed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { circles, imports, readCrate } from './rooms/imports.mjs'

/** Every room may use the rooms before it; those of one line don't use each other. */
const order = [
  ['control', 'hash', 'model', 'panics', 'versions'],
  ['crew', 'files'],
  ['model'],
  ['binary'],
  ['addon', 'runtime'],
  ['linking'],
  ['verdict'],
  ['project', 'environment'],
  ['remedy'],
  ['check'],
  ['report'],
  ['binding'],
]

const files = readCrate(new URL('../src/', import.meta.url))
const edges = imports(files)
const roomOf = (file) => file.replace(/\.rs$/, '').split('/')[0]

test('no room uses a room after it', () => {
  const rank = new Map(order.flatMap((line, index) => line.map((room) => [room, index])))
  const unknown = files.map(({ path }) => roomOf(path)).filter((room) => room !== 'lib')
  assert.deepEqual(
    [...new Set(unknown)].filter((room) => !rank.has(room)),
    [],
    'not in the order',
  )
  const wrong = edges.filter(({ from, to }) => {
    const [a, b] = [roomOf(from), roomOf(to)]
    return a !== b && a !== 'lib' && rank.get(b) >= rank.get(a)
  })
  const lines = wrong.map(({ from, to, line }) => `src/${from}:${line} uses src/${to}`)
  assert.deepEqual(lines, [])
})

test('inside a room no file imports in a circle', () => {
  const inRooms = edges.filter(({ from, to }) => roomOf(from) === roomOf(to))
  const shown = circles(inRooms).map(({ path }) => path.join('\n  → '))
  assert.equal(shown.join('\n\n'), '')
})

test('imports are found, whichever way they are written', () => {
  const crate = readCrate(new URL('./rooms/example/', import.meta.url))
  const found = imports(crate).map(({ from, to }) => `${from} → ${to}`)
  assert.deepEqual(found.toSorted(), [
    'room/a.rs → room/b.rs',
    'room/a.rs → room/deep/leaf.rs',
    'room/a.rs → room/deep/mod.rs',
    'room/a.rs → room/mod.rs',
    'room/b.rs → other.rs',
    'room/deep/leaf.rs → room/a.rs',
    'room/deep/mod.rs → room/deep/leaf.rs',
    'room/mod.rs → room/a.rs',
    'room/mod.rs → room/b.rs',
  ])
  assert.deepEqual(
    circles(imports(crate)).map(({ files }) => files),
    [['room/a.rs', 'room/deep/leaf.rs', 'room/deep/mod.rs', 'room/mod.rs']],
  )
})
