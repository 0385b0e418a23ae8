// The lanes of the tests; __test__/README.md has their table. ABI_GUARD_TEST is the name of the
// lane: `fast` (npm test), `full` (npm run test:full, and a test file that is started without the
// variable), or `all`, which adds the tests that only run by hand and in the scheduled workflow.
// Each lane includes those before it.

const lanes = ['fast', 'full', 'all']
const asked = process.env.ABI_GUARD_TEST || 'full'
if (!lanes.includes(asked))
  throw new Error(`ABI_GUARD_TEST is "${asked}": use ${lanes.join(', ')}, or leave it out`)

export const isFast = asked === 'fast'
export const isAll = asked === 'all'

/**
 * The beginning of the reason with which a test of the full lane is skipped; scripts/test.mjs
 * counts them.
 */
export const FULL_LANE = 'full lane'

/**
 * The option `skip` of a test or suite that downloads more than 20 MB or takes more than 10 s:
 * `describe('repairs', { skip: fullLane }, …)`. The function of a skipped suite isn't called, so
 * that its `before` may install what it needs.
 */
export const fullLane = isFast && `${FULL_LANE}: npm run test:full, or npm run t -- --full <file>`

/** The option `skip` of tests that take minutes, such as those of every package manager. */
export const byHand = !isAll && 'tried by hand: ABI_GUARD_TEST=all'

/**
 * The group of the matrix whose runtimes a test uses: in the fast lane, only the running Node.js.
 */
export const runtimes = { fast: 'running', full: 'small', all: 'full' }[asked]

/** The group of the corpus that a test reads. */
export const corpus = isAll ? 'full' : 'small'

/**
 * All functions with large downloads call this. It makes a test of the fast lane fail, even if the
 * download is cached, so that the author notices the wrong lane.
 * @param {string} what the download, for the message
 */
export function onlyInFullLane(what) {
  if (isFast)
    throw new Error(
      `${what} is not for the fast lane: give the test { skip: fullLane } ` +
        'of scripts/support/lane.mjs',
    )
}
