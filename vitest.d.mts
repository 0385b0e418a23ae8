// The matchers for Vitest. Its own interfaces have other parameters in every major version, which a
// declaration would have to repeat; the one of Chai, out of which Vitest makes its assertions, has
// none.

import type { AsymmetricLoadableMatchers, LoadableMatchers } from './types/matchers.js'

declare global {
  namespace Chai {
    interface Assertion extends LoadableMatchers<void> {}
  }
}

// @ts-ignore: not there without Vitest
declare module 'vitest' {
  interface AsymmetricMatchersContaining extends AsymmetricLoadableMatchers {}
}
