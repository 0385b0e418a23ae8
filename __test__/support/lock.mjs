// npm lockfiles in the form in which this repository stores them.

/**
 * A lockfile without irrelevant fields (licenses, funding addresses), with one package per line: a
 * new package is a diff of one line.
 */
export function compact(text) {
  const value = JSON.parse(text)
  for (const entry of Object.values(value.packages))
    for (const field of ['license', 'funding', 'engines', 'deprecated']) delete entry[field]
  const packages = Object.entries(value.packages).map(
    ([path, entry]) => `${JSON.stringify(path)}:${JSON.stringify(entry)}`,
  )
  const head = JSON.stringify({ ...value, packages: undefined }).slice(0, -1)
  return `${head},"packages":{\n${packages.join(',\n')}\n}}\n`
}

/**
 * True if a lockfile belongs to this package.json. Otherwise, npm would add missing packages in
 * their newest versions.
 */
export function isPinned(manifest, lock) {
  const wanted = ({ dependencies = {}, optionalDependencies = {} }) =>
    JSON.stringify(Object.entries({ ...dependencies, ...optionalDependencies }).sort())
  return wanted(JSON.parse(manifest)) === wanted(JSON.parse(lock).packages[''])
}
