// Asymmetric matchers that don't hold: the runner prints the reasons. All of these tests fail.

const broken = 'node_modules/stale/build/Release/x.node'
const fine = 'node_modules/good/build/Release/x.node'

test('a file', () => {
  expect({ a: 'good', b: broken }).toEqual({ a: expect.toBeLoadable(), b: expect.toBeLoadable() })
})

test('a file that loads', () => {
  expect([fine]).toEqual([expect.not.toBeLoadable()])
})

test('a folder', () => {
  expect({ root: '.' }).toEqual({ root: expect.toHaveLoadableAddons() })
})
