// The matchers for Jest: those of `expect` out of @jest/globals, and the global one of @types/jest.
// Whichever isn't installed is left out.

import type { AsymmetricLoadableMatchers, LoadableMatchers } from './types/matchers.js'

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: the parameters must be those of @types/jest
    interface Matchers<R, T = {}> extends LoadableMatchers<R> {}
    interface Expect extends AsymmetricLoadableMatchers {}
    interface InverseAsymmetricMatchers extends AsymmetricLoadableMatchers {}
  }
}

// @ts-ignore: not there without @jest/globals
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends LoadableMatchers<R> {}
  interface AsymmetricMatchers extends AsymmetricLoadableMatchers {}
}
