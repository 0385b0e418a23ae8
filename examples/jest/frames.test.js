const { masked } = require('./frames.js')

test('frames are masked', () => {
  expect(masked(Buffer.from([1, 2]), Buffer.from([1, 1, 1, 1]))).toEqual(Buffer.from([0, 3]))
})

test('the addon also loads where the app will run', () => {
  expect('bufferutil').toBeLoadable('electron@31/win32-x64')
  expect('bufferutil').toBeLoadable('node@22/darwin-arm64')
})

test('in production everything loads', () => {
  expect(__dirname).toHaveLoadableAddons({ target: 'node@22/linux-x64', production: true })
})
