// Checks the rooms of src/: a room uses only the rooms before it, the files of a room don't import
// in a circle, and names that are enums in src/model are compared as enums. The checks read the
// source text, so they need neither cargo nor the addon.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { circles, imports, readCrate } from './rooms/imports.mjs'
import { comparisons, namesIn } from './rooms/names.mjs'

/** Every room may use the rooms before it. Rooms in the same line don't use each other. */
const order = [
  ['control', 'hash', 'model', 'panics', 'versions'],
  ['crew', 'files'],
  ['model'],
  ['binary'],
  ['addon', 'runtime'],
  ['linking'],
  ['verdict'],
  ['project'],
  ['environment'],
  ['remedy'],
  ['check'],
  ['report'],
  ['binding'],
]

/** The files with the lists of names of platforms, processors, libcs and conventions. */
const lists = ['model/convention.rs', 'model/systems.rs']

/** Files that compare a text with such a name, and the source of that text. */
const readers = {
  'check/audit/systems.rs': 'target triples of Rust, which package.json lists',
  'environment/files/install.rs': 'words of commands',
  'environment/files/plans/bitbucket.rs': 'words for processors',
  'environment/files/plans/circleci.rs': 'keys of executors',
  'environment/files/plans/lambda.rs': "AWS's words for processors",
  'environment/toolchain.rs': "Rust's own names of systems (std::env::consts)",
  'project/loader/bindings.rs': 'a field of an object in a script',
  'remedy/explain/macos.rs': "dyld's names of processors, in the text of an error",
}

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

test('names that are enums are compared as enums, except in the files that read them', () => {
  const textOf = (path) => files.find((file) => file.path === path).text
  const names = lists.flatMap((path) => namesIn(textOf(path)))
  assert.ok(names.includes('linux') && names.includes('musl') && names.includes('napi-rs'))
  const rooms = files.filter(({ path }) => roomOf(path) !== 'model' && !path.endsWith('tests.rs'))
  const found = rooms.flatMap(({ path, text }) =>
    comparisons(text, names).map((line) => ({ path, line })),
  )
  const wrong = found.filter(({ path }) => !(path in readers))
  assert.deepEqual(
    wrong.map(({ path, line }) => `src/${path}:${line}`),
    [],
  )
  const gone = Object.keys(readers).filter((path) => !found.some((one) => one.path === path))
  assert.deepEqual(gone, [], 'they compare none any more: take them off the list')
})

test('comparisons with names are found in all their forms', () => {
  const names = ['linux', 'musl']
  for (const code of [
    'if system == "linux" {}',
    'if libc.as_deref() != Some("musl") {}',
    'if "linux" == system {}',
    '"linux" => 1,',
    '("linux", Some("musl")) if is_old => 1,',
    'matches!(system, "darwin"\n    | "linux")',
    'matches!((system, of(libc)), ("darwin", "musl"))',
    'if let Some("musl") = libc {}',
    '["darwin", "linux"].contains(&system)',
    'systems.contains(&"linux")',
    'system.eq_ignore_ascii_case("linux")',
  ])
    assert.equal(comparisons(code, names).length, 1, code)
  for (const code of [
    '// system == "linux"',
    'let text = "system == linux";',
    '("alpine", Libc::Musl),\n("linux", Platform::Linux),',
    'Libc::Musl => "musl",',
    'let name = "linux";',
    '#[cfg(test)]\nmod tests {\n    assert!(system == "linux");\n}',
  ])
    assert.deepEqual(comparisons(code, names), [], code)
})

test('imports are found in all their forms', () => {
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
