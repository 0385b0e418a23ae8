// Compares the matchers with the results of real loads. Runs in Jest and Vitest: the runner's side
// provides expect, test, jest (or Vitest's vi in its place), abiGuard and require.

const broken = 'node_modules/stale/build/Release/x.node'
const fine = 'node_modules/good/build/Release/x.node'
const load = (name) => () => require(name)

/** The message of the error that `act` throws. */
function messageOf(act) {
  try {
    act()
  } catch (error) {
    return error.message
  }
  return undefined
}

test('a file is judged as a load judges it', () => {
  expect(load('stale')).toThrow('NODE_MODULE_VERSION 108')
  expect(broken).not.toBeLoadable()
  expect(messageOf(() => expect(broken).toBeLoadable())).toContain('built for Node.js 18 (ABI 108)')
  expect(load('good')).not.toThrow()
  expect(fine).toBeLoadable()
  expect(messageOf(() => expect(fine).not.toBeLoadable())).toContain('not to load, but it does')
})

test('a package is found like by require from the test, or by its folder', () => {
  expect('good').toBeLoadable()
  expect('stale').not.toBeLoadable()
  expect('./node_modules/stale').not.toBeLoadable()
  expect(new URL(`file://${process.cwd()}/node_modules/stale/`)).not.toBeLoadable()
  expect(new URL(`file://${process.cwd()}/${fine}`)).toBeLoadable()
})

test('another target is a string, an object or an option', () => {
  expect(broken).toBeLoadable('node@18.20.8')
  expect(broken).toBeLoadable({ abi: 108, platform: 'linux', arch: 'x64', libc: 'glibc' })
  expect(broken).toBeLoadable({ target: 'node@18' })
  expect(fine).not.toBeLoadable('node@18/darwin-arm64')
  expect(broken).not.toBeLoadable({ threads: true })
  expect(broken).not.toBeLoadable({})
})

test('the target is this process, even if a test changes its properties', () => {
  const original = Object.getOwnPropertyDescriptor(process, 'platform')
  Object.defineProperty(process, 'platform', { ...original, value: 'win32' })
  try {
    expect(fine).toBeLoadable()
    expect(broken).not.toBeLoadable()
  } finally {
    Object.defineProperty(process, 'platform', original)
  }
})

test('a folder is scanned, or a report is used', () => {
  expect('.').not.toHaveLoadableAddons()
  expect('.').toHaveLoadableAddons({ include: ['good'] })
  expect(abiGuard.scanNodeModules('.')).not.toHaveLoadableAddons()
  expect(abiGuard.scanNodeModules('.', { ignore: ['stale'] })).toHaveLoadableAddons()
})

test('the matchers work with promises and as asymmetric matchers', async () => {
  await expect(Promise.resolve(fine)).resolves.toBeLoadable()
  await expect(Promise.reject(broken)).rejects.not.toBeLoadable()
  expect({ a: 'good', b: [broken] }).toEqual({
    a: expect.toBeLoadable(),
    b: [expect.not.toBeLoadable()],
  })
  expect({ root: '.' }).toEqual({ root: expect.not.toHaveLoadableAddons() })
})

for (const [what, act, words] of [
  [
    'nothing',
    (expected) => expected(undefined).toBeLoadable(),
    'The "file" argument must be a string or a URL',
  ],
  [
    'a number',
    (expected) => expected(1).toBeLoadable(),
    'The "file" argument must be a string or a URL',
  ],
  [
    'an empty text',
    (expected) => expected('').toBeLoadable(),
    'The "file" argument is invalid: it is empty',
  ],
  [
    'no file: URL',
    (expected) => expected(new URL('https://a/b.node')).toBeLoadable(),
    'The "file" argument is invalid: The URL must be of scheme file',
  ],
  [
    'no file',
    (expected) => expected('no.node').toBeLoadable(),
    'The "file" argument is invalid: there is no no.node',
  ],
  [
    'no folder',
    (expected) => expected('./no').toBeLoadable(),
    'The "file" argument is invalid: there is no no',
  ],
  [
    'no package',
    (expected) => expected('no').toBeLoadable(),
    'The "file" argument is invalid: no package "no" is installed',
  ],
  [
    'no runtime',
    (expected) => expected(fine).toBeLoadable('nod@2'),
    'The "target" argument is invalid: unknown runtime "nod"',
  ],
  [
    'null',
    (expected) => expected(fine).toBeLoadable(null),
    'The "target" argument must be a runtime',
  ],
  [
    'a wrong field',
    (expected) => expected(fine).toBeLoadable({ abi: '1' }),
    'The "target.abi" argument must be a number',
  ],
  [
    'no field',
    (expected) => expected(fine).toBeLoadable({ thread: true }),
    'there is no field or option "thread": did you mean "threads"?',
  ],
  [
    'both',
    (expected) => expected(fine).toBeLoadable({ abi: 1, threads: true }),
    'The "target" argument is invalid: it has fields',
  ],
  [
    'no project',
    (expected) => expected('no').toHaveLoadableAddons(),
    'The "directory" argument is invalid: there is no no',
  ],
  [
    'a file',
    (expected) => expected(fine).toHaveLoadableAddons(),
    `The "directory" argument is invalid: ${fine} can't be read (ENOTDIR)`,
  ],
  [
    'an object',
    (expected) => expected({}).toHaveLoadableAddons(),
    'The "directory" argument must be',
  ],
  [
    'no option',
    (expected) => expected('.').toHaveLoadableAddons({ includes: [] }),
    'The "options" argument is invalid: there is no option "includes": did you mean "include"?',
  ],
  [
    'a wrong option',
    (expected) => expected('.').toHaveLoadableAddons({ include: 'a' }),
    'The "options.include" argument must be an array',
  ],
  [
    'options for a report',
    (expected) => expected(abiGuard.scanNodeModules('.')).toHaveLoadableAddons({}),
    'The "options" argument is invalid: a report takes no options',
  ],
]) {
  test(`a wrong argument throws and is no verdict: ${what}`, () => {
    expect(messageOf(() => act(expect))).toContain(words)
    expect(messageOf(() => act((value) => expect(value).not))).toContain(words)
  })
}

test('fake timers and reset modules change nothing', () => {
  jest.useFakeTimers()
  try {
    jest.resetModules()
    expect('.').toHaveLoadableAddons({ include: ['good'] })
    expect(broken).not.toBeLoadable()
    expect(abiGuard.scanNodeModules('.').stats.milliseconds).toBeGreaterThan(0)
  } finally {
    jest.useRealTimers()
  }
})

test('mocks of the file system change nothing', () => {
  const fs = require('node:fs')
  const spies = ['statSync', 'readFileSync'].map((name) =>
    jest.spyOn(fs, name).mockImplementation(() => {
      throw new Error(`${name} is not there`)
    }),
  )
  try {
    expect(fine).toBeLoadable()
    expect('./node_modules/stale').not.toBeLoadable()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
})

test('the messages', () => {
  const messages = {
    file: messageOf(() => expect(broken).toBeLoadable()),
    package: messageOf(() => expect('stale').toBeLoadable('node@22.11.0/linux-x64-glibc2.36')),
    project: messageOf(() => expect('.').toHaveLoadableAddons()),
    notFile: messageOf(() => expect(fine).not.toBeLoadable('node@22.11.0')),
    notPackage: messageOf(() => expect('good').not.toBeLoadable()),
    notProject: messageOf(() => expect('.').not.toHaveLoadableAddons({ include: ['good'] })),
  }
  require('node:fs').writeFileSync(`${process.env.MESSAGES}.json`, JSON.stringify(messages))
})
