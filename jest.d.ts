// The matchers for Jest: for `expect` from @jest/globals, and for the global one of @types/jest. A
// package that isn't installed is ignored.

import type { AsymmetricLoadableMatchers, LoadableMatchers } from './types/matchers.js'

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: the parameters must be those of @types/jest
    interface Matchers<R, T = {}> extends LoadableMatchers<R> {}
    interface Expect extends AsymmetricLoadableMatchers {}
    interface InverseAsymmetricMatchers extends AsymmetricLoadableMatchers {}
  }
}

// @ts-ignore: the module is missing without @jest/globals
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends LoadableMatchers<R> {}
  interface AsymmetricMatchers extends AsymmetricLoadableMatchers {}
}
