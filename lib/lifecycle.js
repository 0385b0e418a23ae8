'use strict'
// What package managers tell the scripts that they run.

/** Events during which an installation is under way. */
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

/** True in a script that npm, pnpm, Yarn or Bun runs because it installs. */
function isInInstall() {
  const { npm_lifecycle_event: event, npm_config_user_agent: agent, INIT_CWD } = process.env
  return EVENTS.has(event) && (agent !== undefined || INIT_CWD !== undefined)
}

module.exports = { isInInstall }
