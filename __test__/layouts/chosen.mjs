// The tested layouts: some in `npm run test:full`, all in `npm run layouts`.
import { layouts } from './layouts.mjs'

/**
 * One layout of each kind: flat, links into a store inside or outside, nested copies, Plug'n'Play.
 */
const few = [
  'npm11-hoisted',
  'npm11-linked',
  'pnpm10-isolated',
  'pnpm10-global',
  'yarn1-hoisted',
  'yarn4-pnp',
  'yarn4-pnp-data',
  'bun-isolated',
]

export const everything = process.env.ABI_GUARD_LAYOUTS === 'all'

export const chosen = everything ? Object.keys(layouts) : few
