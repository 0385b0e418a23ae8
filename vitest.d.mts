// The matchers for Vitest. Vitest's own interfaces have other type parameters in every major
// version, and a declaration would have to repeat them. Vitest's assertions extend an interface of
// Chai, which has no type parameters.

import type { AsymmetricLoadableMatchers, LoadableMatchers } from './types/matchers.js'

declare global {
  namespace Chai {
    interface Assertion extends LoadableMatchers<void> {}
  }
}

// @ts-ignore: the module is missing without Vitest
declare module 'vitest' {
  interface AsymmetricMatchersContaining extends AsymmetricLoadableMatchers {}
}
