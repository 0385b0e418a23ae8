// Finds which file of a Rust crate imports from which: a small reader of `use` items and of paths
// in the code. A name that a file imports from a module belongs to the file of that module, even if
// the module only re-exports it.
import { readdirSync, readFileSync } from 'node:fs'

/**
 * All `.rs` files below a folder.
 * @param {URL} root
 * @returns {{ path: string, text: string }[]} paths are relative to the folder, with `/`
 */
export function readCrate(root) {
  const names = readdirSync(root, { recursive: true }).map((name) => name.replaceAll('\\', '/'))
  return names
    .filter((name) => name.endsWith('.rs'))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }))
}

/**
 * The imports between the files of a crate, each pair of files once. `mod x;` is not an import.
 * @param {{ path: string, text: string }[]} files
 * @returns {{ from: string, to: string, line: number }[]}
 */
export function imports(files) {
  const modules = new Map(files.map(({ path }) => [moduleOf(path).join('::'), path]))
  const edges = new Map()
  for (const { path, text } of files) {
    for (const { names, line, module } of pathsIn(text, moduleOf(path), modules)) {
      const to = resolve(names, module, modules)
      const key = `${path} ${to}`
      if (to && to !== path && !edges.has(key)) edges.set(key, { from: path, to, line })
    }
  }
  return [...edges.values()]
}

/**
 * The groups of files that import in a circle (strongly connected), with the shortest circle of
 * each group.
 * @param {{ from: string, to: string }[]} edges
 * @returns {{ files: string[], path: string[] }[]}
 */
export function circles(edges) {
  const next = new Map()
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to])
  const reached = new Map([...next.keys()].map((file) => [file, reach(file, next)]))
  const groups = []
  const seen = new Set()
  for (const file of [...next.keys()].toSorted()) {
    if (seen.has(file) || !reached.get(file).has(file)) continue
    const members = [...reached.get(file)].filter((other) => reached.get(other)?.has(file))
    for (const member of members) seen.add(member)
    const paths = members.map((member) => shortest(member, next))
    groups.push({
      files: members.toSorted(),
      path: paths.toSorted((a, b) => a.length - b.length || (a[0] < b[0] ? -1 : 1))[0],
    })
  }
  return groups
}

/** `['room', 'deep']` for room/deep.rs and room/deep/mod.rs. */
function moduleOf(path) {
  const parts = path.replace(/\.rs$/, '').split('/')
  if (parts.at(-1) === 'mod' || parts.at(-1) === 'lib') parts.pop()
  return parts
}

/**
 * The file to which a path leads from a module: that of the longest module with which the path
 * begins.
 */
function resolve(names, module, modules) {
  let [at, rest] = [module, names]
  if (rest[0] === 'crate') [at, rest] = [[], rest.slice(1)]
  else if (rest[0] === 'self') rest = rest.slice(1)
  else if (rest[0] !== 'super') {
    // A child module of this one. Any other name is a crate or a local name.
    if (!modules.has([...module, rest[0]].join('::'))) return undefined
  }
  while (rest[0] === 'super') [at, rest] = [at.slice(0, -1), rest.slice(1)]
  // `use super::child` alone imports the module itself.
  while (rest.length > 0 && modules.has([...at, rest[0]].join('::')))
    [at, rest] = [[...at, rest[0]], rest.slice(1)]
  while (!modules.has(at.join('::'))) at = at.slice(0, -1)
  return at.length > 0 ? modules.get(at.join('::')) : undefined
}

/** Every path in a file that may lead to another file, with the module in which it is resolved. */
function pathsIn(text, fileModule, modules) {
  const code = withoutTexts(text)
  const found = []
  const module = inlineModules(code, fileModule)
  const lineAt = (at) => code.slice(0, at).split('\n').length
  const add = (names, at) => found.push({ names, line: lineAt(at), module: module(at) })
  const uses = /\buse\s+([^;]*);/g
  // Names that a module imports: after `use super::deep`, the path `deep::leaf::third` continues
  // it.
  const imported = []
  for (const { 1: tree, index } of code.matchAll(uses)) {
    for (const { names, alias } of expand(tree)) {
      add(names, index)
      const to = names.at(-1) === 'self' ? names.slice(0, -1) : names
      if (names.length > 1) imported.push({ name: alias ?? to.at(-1), to, at: module(index) })
    }
  }
  const blank = (item) => item.replaceAll(/[^\n]/g, ' ')
  const rest = code.replaceAll(uses, blank).replaceAll(/\bpub\(in [\w:]+\)/g, blank)
  for (const match of rest.matchAll(/(?<![\w:])(\w+)((?:::\w+)+)/g)) {
    const names = match[0].split('::')
    const here = module(match.index).join('::')
    const leading = imported.find(
      ({ name, at }) => name === names[0] && `${here}::`.startsWith(`${at.join('::')}::`),
    )
    const isChild = modules.has([...module(match.index), names[0]].join('::'))
    if (leading && !isChild) {
      const line = lineAt(match.index)
      found.push({ names: [...leading.to, ...names.slice(1)], line, module: leading.at })
    } else if (isChild || ['crate', 'self', 'super'].includes(names[0])) add(names, match.index)
  }
  return found
}

/** The paths of a `use` tree. */
function expand(tree) {
  const text = tree.trim()
  const brace = text.indexOf('{')
  if (brace < 0) {
    const [path, alias] = text.split(/\s+as\s+/)
    return [{ names: path.split('::').filter(Boolean), alias }]
  }
  const before = text.slice(0, brace).split('::').filter(Boolean)
  const parts = []
  let [depth, start] = [0, brace + 1]
  for (let at = brace + 1; at < text.length; at++) {
    if (text[at] === '{') depth++
    if ((text[at] === ',' && depth === 0) || (text[at] === '}' && depth-- === 0)) {
      if (text.slice(start, at).trim()) parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return parts.flatMap((part) =>
    expand(part).map(({ names, alias }) => ({ names: [...before, ...names], alias })),
  )
}

/** The module of a position in the code: that of the file, or a `mod x { … }` in it. */
function inlineModules(code, fileModule) {
  const spans = [...code.matchAll(/\bmod\s+(\w+)\s*\{/g)].map(({ 0: head, 1: name, index }) => {
    let [at, depth] = [index + head.length, 1]
    while (depth > 0 && at < code.length) {
      if (code[at] === '{') depth++
      if (code[at] === '}') depth--
      at++
    }
    return { name, from: index + head.length, to: at }
  })
  return (at) => [
    ...fileModule,
    ...spans.filter(({ from, to }) => from <= at && at < to).map(({ name }) => name),
  ]
}

/**
 * The code with comments, strings and characters replaced by spaces. The lines keep their numbers.
 */
function withoutTexts(text) {
  const parts =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|b?r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|b?'(?:[^'\\\n]|\\(?:u\{\w+\}|x\w\w|.))'/g
  return text.replaceAll(parts, (part) => part.replaceAll(/[^\n]/g, ' '))
}

/** All files that a file reaches. It reaches itself only through a circle. */
function reach(start, next) {
  const seen = new Set()
  const waiting = [...(next.get(start) ?? [])]
  while (waiting.length > 0) {
    const file = waiting.pop()
    if (seen.has(file)) continue
    seen.add(file)
    waiting.push(...(next.get(file) ?? []))
  }
  return seen
}

/** The shortest path from a file back to itself. */
function shortest(start, next) {
  let paths = [[start]]
  const seen = new Set()
  for (;;) {
    const longer = []
    for (const path of paths) {
      for (const file of next.get(path.at(-1)) ?? []) {
        if (file === start) return [...path, start]
        if (!seen.has(file)) longer.push([...path, file])
        seen.add(file)
      }
    }
    paths = longer
  }
}
