'use strict'
// The environment variables that package managers set for the scripts they run.

/** Lifecycle events that run during an installation. */
const EVENTS = new Set([
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
  'dependencies',
])

/**
 * True in a script that npm, pnpm, Yarn, Bun or Deno runs during an installation. Deno doesn't name
 * the event of such a script, which may inherit the name of a task that runs `deno install`. It
 * sets a variable of its own, which scripts of `deno task` don't have
 * (libs/npm_installer/lifecycle_scripts.rs; measured with Deno 2.9.6).
 */
function isInInstall() {
  const { env } = process
  if (env.DENO_INTERNAL_IS_LIFECYCLE_SCRIPT !== undefined) return true
  const isByManager = env.npm_config_user_agent !== undefined || env.INIT_CWD !== undefined
  return EVENTS.has(env.npm_lifecycle_event) && isByManager
}

module.exports = { isInInstall }
