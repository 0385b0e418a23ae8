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

/** True in a script that npm, pnpm, Yarn or Bun runs during an installation. */
function isInInstall() {
  const { npm_lifecycle_event: event, npm_config_user_agent: agent, INIT_CWD } = process.env
  return EVENTS.has(event) && (agent !== undefined || INIT_CWD !== undefined)
}

module.exports = { isInInstall }
