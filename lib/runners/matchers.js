'use strict'
// The matchers for `expect.extend` of Jest and Vitest. Their messages have no colors, so that a
// snapshot of a message is the same in a terminal and in CI.

const path = require('node:path')
const { oneLine } = require('../escape.js')
const { invalidType, invalidValue, toPath } = require('../arguments.js')
const { remember } = require('./asymmetric.js')
const { checkOptions, explained, scanOptions, shown, subjectOf } = require('./arguments.js')
const { projectOf, relativeTo } = require('./paths.js')
const { kindOf } = require('./reports.js')

/**
 * The public functions, required lazily: without a binary for this system, only a matcher that is
 * used fails.
 */
const core = () => require('../../index.js')
const owners = () => require('../owner.js')

try {
  // Loaded now: a test may replace modules and process.platform later.
  core()
  owners()
} catch {
  // The matcher that needs the binary reports the error.
}

function toBeLoadable(received, target) {
  const call = callOf(this, 'file', 'toBeLoadable', target, 'target')
  let subject
  let options
  let report
  try {
    subject = subjectOf(received)
    options = checkOptions(target)
    report = subject.package
      ? checkPackage(subject.package, options, this)
      : core().checkAbi(subject.file, options)
  } catch (error) {
    throw explained(error, call, 'file', subject?.shown)
  }
  return verdict(report, () => {
    const text = subject.package ? textOfPackage(report) : textOfFile(report, options)
    return report.ok ? `${call}\n\n${unexpected(report)}:\n\n${text}` : `${call}\n\n${text}`
  })
}

function toHaveLoadableAddons(received, options) {
  const call = callOf(this, 'directory', 'toHaveLoadableAddons', options, 'options')
  let directory
  let report
  try {
    if (kindOf(received) === 'scan') {
      if (options !== undefined) throw invalidValue('options', 'a report takes no options')
      report = received
    } else {
      if (received === null || received === undefined)
        throw invalidType('directory', 'a string, a URL or the report of a scan', received)
      directory = shown(toPath('directory', received))
      report = core().scanNodeModules(received, scanOptions(options))
    }
  } catch (error) {
    throw explained(error, call, 'directory', directory)
  }
  return verdict(report, () => {
    const text = textOfProject(report)
    return report.ok
      ? `${call}\n\nAn addon was expected not to load, but no problem was found:\n\n${text}`
      : `${call}\n\n${text}`
  })
}

/** The result of a matcher. The message is made only if it is shown. */
function verdict({ ok }, message) {
  remember(message)
  return { pass: ok, message }
}

/** The call as it is written in the test. */
function callOf({ isNot, promise }, received, matcher, argument, name) {
  const given =
    typeof argument === 'string' ? `'${oneLine(argument)}'` : argument === undefined ? '' : name
  const modifiers = `${promise ? `.${promise}` : ''}${isNot ? '.not' : ''}`
  return `expect(${received})${modifiers}.${matcher}(${given})`
}

/** Searches for a package as `require` in the test would. */
function checkPackage(nameOrDirectory, options, { testPath }) {
  const from = testPath ? path.dirname(testPath) : process.cwd()
  return core().checkPackage(nameOrDirectory, { ...options, from })
}

/** The message for an addon that was expected not to load. */
function unexpected(report) {
  const { outcome } = report.kind === 'file' ? report : (report.active ?? {})
  if (outcome === 'loads') return 'It was expected not to load, but it does'
  return outcome === 'unknown'
    ? "It was expected not to load, but abi-guard can't judge it"
    : 'It was expected not to load, but nothing is wrong with it'
}

function textOfFile(report, options) {
  const text = format(relativeTo(report, projectOf(path.dirname(report.file))))
  const fix = report.ok ? undefined : fixOf(report.file, options)
  return fix ? `${text}\n\n${fix}` : text
}

/** The fix in the report of the package that loads the file, or `undefined`. */
function fixOf(file, options) {
  const owner = owners().ownerOf(file, options)
  return owner?.fix ? textOfPackage(owner).split('\n\n')[1] : undefined
}

function textOfPackage(report) {
  return format(relativeTo(report, projectOf(report.path)))
}

function textOfProject(report) {
  // With the slash, the report can't mistake a name that begins with a dot for a path below its
  // folder.
  const itself = report.packages.length > 0 ? './' : path.basename(report.directory)
  return format(relativeTo(report, report.directory, itself))
}

function format(report) {
  return core().formatReport(report).trimEnd()
}

module.exports = { toBeLoadable, toHaveLoadableAddons }
