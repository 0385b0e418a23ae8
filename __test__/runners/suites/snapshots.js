// Reports in snapshots. The suite runs in several places, and compares with the snapshot that the
// first run wrote.

test('the report of a project', () => {
  expect(abiGuard.scanNodeModules('.', { include: ['good'] })).toMatchSnapshot()
})

test('that of another target, in something else', () => {
  expect({
    reports: [abiGuard.scanNodeModules('.', { target: 'node@22.11.0/linux-x64-glibc2.36' })],
  }).toMatchSnapshot()
})

test('the report of a package', () => {
  expect(abiGuard.checkPackage('good', { from: process.cwd() })).toMatchSnapshot()
})

test('the report of a file', () => {
  const target = 'node@22.11.0/linux-x64-glibc2.36'
  expect(abiGuard.checkAbi('node_modules/stale/build/Release/x.node', { target })).toMatchSnapshot()
})

test('the text of a failure', () => {
  expect(() =>
    expect('stale').toBeLoadable('node@22.11.0/linux-x64'),
  ).toThrowErrorMatchingSnapshot()
})
