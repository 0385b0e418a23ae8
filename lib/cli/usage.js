'use strict'
// The parser of arguments, and the help.

const fs = require('node:fs')
const { parseArgs } = require('node:util')
const { nearest } = require('../nearest.js')
const { outdated } = require('../unusable.js')
const { UsageError } = require('./errors.js')
const {
  ALL,
  COMMANDS,
  FORMATS,
  LEVELS,
  OPTIONS,
  SHELLS,
  formatsOf,
  oneOf,
} = require('./options.js')
const { wrapped } = require('./terminal.js')

/** Turns arguments into a command, operands and options. Throws a UsageError. */
function parse(argv) {
  const { values, positionals } = read(argv)
  const options = values
  let operands = positionals
  if (operands[0] === 'help') {
    operands = operands.slice(1)
    options.help = true
  }
  const isNamed = Object.hasOwn(COMMANDS, operands[0])
  const command = isNamed ? operands[0] : 'scan'
  operands = isNamed ? operands.slice(1) : operands
  for (const [name, option] of Object.entries(OPTIONS)) {
    if (option.type !== 'string' || option.many?.includes(command) || options[name] === undefined)
      continue
    if (options[name].length > 1)
      throw new UsageError(`--${name} was given ${options[name].length} times: give it once`)
    options[name] = options[name][0]
  }
  if (options.version || options.help) {
    if (options.help && !isNamed && operands.length > 0) throw unknownWord(operands[0])
    return { command: isNamed ? command : undefined, operands, options }
  }
  if (operands.includes(''))
    throw new UsageError('an argument is empty: check the variable it comes from')
  if (!isNamed && operands.length > 0) mustBeDirectory(operands[0])
  fit(command, operands, options)
  return { command, operands, options }
}

function read(args) {
  if (!parseArgs) throw outdated()
  const options = {}
  for (const [name, { type, short }] of Object.entries(OPTIONS)) {
    options[name] = { type, ...(short && { short }), ...(type === 'string' && { multiple: true }) }
  }
  try {
    // -V and -v are both common for the version.
    const words = args.map((word) => (word === '-V' ? '-v' : word))
    return parseArgs({ args: words, options, allowPositionals: true })
  } catch (error) {
    if (!String(error.code).startsWith('ERR_PARSE_ARGS')) throw error
    throw new UsageError(reworded(error))
  }
}

/** Replaces a message of parseArgs with a shorter one that says what to do. */
function reworded(error) {
  const [, name] = /'(?:-\w, )?(--?[^' =]+)/.exec(error.message) ?? []
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = nearest(name.replace(/^-+/, ''), Object.keys(OPTIONS))
    return (
      `there is no option ${name}${near ? `: did you mean --${near}?` : ''} (abi-guard ` +
      `--help lists them)`
    )
  }
  const known = OPTIONS[name?.replace(/^-+/, '')]
  if (known?.value)
    return (
      `${name} needs a value: ${name} ${known.value}; write ${name}=… if the value begins ` +
      'with "-"'
    )
  if (known) return `${name} takes no value`
  return error.message
}

/** Checks the rules that parseArgs doesn't know. */
function fit(command, operands, options) {
  for (const name of Object.keys(options)) {
    const { commands } = OPTIONS[name]
    if (!commands.includes(command))
      throw new UsageError(
        `--${name} has no meaning for "${command}", only for ${commands.join(' and ')}`,
      )
  }
  if (options.json) {
    if (options.format && options.format !== 'json')
      throw new UsageError(`--json and --format ${options.format} exclude each other: drop one`)
    options.format = 'json'
  }
  options.format ??= 'text'
  if (!formatsOf(command).includes(options.format)) {
    const who = FORMATS.includes(options.format) ? `${command} has` : 'there is'
    throw new UsageError(`${who} no format "${options.format}": use ${oneOf(formatsOf(command))}`)
  }
  const level = options['fail-on']
  const levels = Object.keys(LEVELS[command] ?? {})
  if (level !== undefined && !levels.includes(level))
    throw new UsageError(`--fail-on has no level "${level}" for ${command}: use ${oneOf(levels)}`)
  if (options.output === '') throw new UsageError('--output is empty: name a file')
  if (options.quiet && options.verbose)
    throw new UsageError('--quiet and --verbose exclude each other: drop one')
  if (command === 'check' && operands.length === 0)
    throw new UsageError('check needs a file or a package: abi-guard check <file or package>')
  if (command === 'completion' && !SHELLS.includes(operands[0]))
    throw new UsageError(`completion needs a shell: abi-guard completion ${oneOf(SHELLS)}`)
  if (!['audit', 'check', 'explain'].includes(command) && operands.length > 1) {
    throw new UsageError(
      `${command} takes one operand, ${operands.length} were given: abi-guard ` +
        `${COMMANDS[command].usage}`,
    )
  }
}

/** True for a text that can only be a path: ./x, ../x, /x, ~/x, C:\x. */
function looksLikePath(text) {
  return /^(\.{1,2}([\\/]|$)|[\\/~]|[a-z]:[\\/])/i.test(text)
}

/** Without a command, the first word is a directory or a misspelled command. */
function mustBeDirectory(word) {
  const stats = fs.statSync(word, { throwIfNoEntry: false })
  if (stats && !stats.isDirectory())
    throw new UsageError(`${word} is a file: abi-guard check ${word}`)
  if (!stats && !looksLikePath(word)) throw unknownWord(word)
}

function unknownWord(word) {
  const near = nearest(word, ALL)
  if (near)
    return new UsageError(
      `there is no command "${word}": did you mean "${near}"? A directory is written ./${word}`,
    )
  return new UsageError(
    `there is no command or directory "${word}" (abi-guard --help lists the commands); a ` +
      `package is checked with "abi-guard check ${word}"`,
  )
}

/** The help text of one command, or of all commands. */
function help(command) {
  const named = command ? { [command]: COMMANDS[command] } : COMMANDS
  const lines = command
    ? [`${capital(COMMANDS[command].summary)}.`, '', COMMANDS[command].details]
    : ["Finds native addons that can't load, and why, without running them."]
  lines.push('', 'Usage:')
  const usages = Object.values(named).map(({ usage, summary }) => [
    `abi-guard ${usage}`,
    command ? '' : summary,
  ])
  lines.push(...columns(usages, 38), '', 'Options:')
  const options = Object.entries(OPTIONS).filter(
    ([, { commands }]) => !command || commands.includes(command),
  )
  lines.push(
    ...columns(
      options.map(([name, { value, short, text }]) => [
        `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
        typeof text === 'function' ? text(command) : text,
      ]),
      22,
    ),
  )
  if (!command) {
    lines.push('', 'Exit code: 0 no problems, 1 problems, 2 wrong usage or input.')
    lines.push('Write ./ before a folder that is named like a command.')
  }
  return `${lines.join('\n')}\n`
}

const capital = (text) => text[0].toUpperCase() + text.slice(1)

/** Two columns. The second one is wrapped at column 80. */
function columns(rows, width) {
  return rows.flatMap(([left, right]) => {
    const lines = wrapped(right, 78 - width)
    return lines.map((line, index) =>
      `  ${(index === 0 ? left : '').padEnd(width)}${line}`.trimEnd(),
    )
  })
}

module.exports = { help, looksLikePath, parse }
