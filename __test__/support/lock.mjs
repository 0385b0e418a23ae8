// Lockfiles of npm as they are kept here.

/** A lockfile without what decides nothing (licences, addresses for donations), one package a line: a new one is a diff of one line. */
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

/** Whether a lockfile is of this package.json: npm would fill up what lacks with whatever is the newest now. */
export function isPinned(manifest, lock) {
  const wanted = ({ dependencies = {}, optionalDependencies = {} }) =>
    JSON.stringify(Object.entries({ ...dependencies, ...optionalDependencies }).sort())
  return wanted(JSON.parse(manifest)) === wanted(JSON.parse(lock).packages[''])
}
