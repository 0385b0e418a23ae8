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
 * the event of such a script. It sets a variable of its own, which the scripts of `deno task` don't
 * have (libs/npm_installer/lifecycle_scripts.rs; measured with Deno 2.9.6).
 */
function isInInstall() {
  const {
    npm_lifecycle_event: event,
    npm_config_user_agent: agent,
    INIT_CWD,
    DENO_INTERNAL_IS_LIFECYCLE_SCRIPT: inDeno,
  } = process.env
  const isNamed = event === undefined ? inDeno !== undefined : EVENTS.has(event)
  return isNamed && (agent !== undefined || INIT_CWD !== undefined)
}

module.exports = { isInInstall }
