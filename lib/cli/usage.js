'use strict'
// The command line: commands, options, help texts, and the parser of arguments.

const fs = require('node:fs')
const { parseArgs } = require('node:util')
const { nearest } = require('../nearest.js')
const { outdated } = require('../unusable.js')
const { UsageError } = require('./errors.js')
const { wrapped } = require('./terminal.js')

const COMMANDS = {
  scan: {
    usage: '[scan] [directory]',
    summary: 'check every native package of a project',
    details:
      'Without a directory, the project of the current folder: the nearest folder\n' +
      'upwards with a package.json. Only the one .node file that each package would\n' +
      'load counts; its other files are left alone.\n' +
      'As a hook of an installation ("postinstall": "abi-guard") it says nothing when\n' +
      'all is well, and judges for the runtime that is installed for.',
  },
  check: {
    usage: 'check <file or package>…',
    summary: 'check .node files, folders of packages, or installed packages by name',
    details:
      'A name that is no file or folder is looked for in node_modules, from the\n' +
      'current folder upwards.',
  },
  audit: {
    usage: 'audit [directory or .tgz]',
    summary: 'check a package before it is published',
    details:
      'Without an operand, the package of the current folder. For each .node file:\n' +
      'does it hold what its name says, and would the package ever load it? Is there\n' +
      'one for each system that os, cpu, libc or napi.targets promise? And which\n' +
      'glibc, macOS and Node.js do the files really need?',
  },
  explain: {
    usage: 'explain [text or file]',
    summary: 'say what an error or a log means, and what fixes it',
    details:
      'Takes the text of an error, a file (a CI log), or standard input:\n' +
      '  node app.js 2>&1 | abi-guard explain\n' +
      'Exits with 1 where nothing in it is known.',
  },
  fix: {
    usage: 'fix [directory]',
    summary: 'repair what is broken: shows the plan, asks, and carries it out',
    details:
      'Commands run with the Node.js that runs this. What they replace is kept until\n' +
      'the new files are proved to load, and put back otherwise, also when the repair\n' +
      'is interrupted: the next one shows what goes back, and asks.',
  },
  matrix: {
    usage: 'matrix [directory]',
    summary: 'say what an upgrade costs: each native package in each Node.js',
    details:
      'Without --target: the Node.js that runs this, and the lines that follow it. A\n' +
      'package that is to be rebuilt loads once it is installed with that Node.js.',
  },
  key: {
    usage: 'key [directory]',
    summary: 'print a key for a CI cache of node_modules',
    details:
      'It changes with the system, the libc, the ABI and the lockfile, so that a cache\n' +
      'never brings back addons that another Node.js was built for.',
  },
  doctor: {
    usage: 'doctor [directory]',
    summary: 'find what will break: version pins, Docker, CI, the tools to compile with',
    details:
      'Without a directory, the project of the current folder. Reads what stands\n' +
      'around it (pins of Node.js, Dockerfiles, compose files, GitHub Actions, GitLab)\n' +
      'and holds it against its native packages. Nothing is run or changed; each\n' +
      'finding comes with its place and the corrected lines.',
  },
  runtimes: {
    usage: 'runtimes [name or ABI]',
    summary: 'list the known releases of Node.js, Electron, Bun, Deno and NW.js',
    details: 'With a name (electron) or an ABI number (115), only those.',
  },
}

const JUDGING = ['scan', 'check']
const SCANNING = ['scan', 'fix', 'matrix']
const REPORTING = [...JUDGING, 'audit', 'doctor', 'matrix']
const ALL = Object.keys(COMMANDS)
const PRINTING = ALL.filter((name) => name !== 'fix')

/**
 * The output formats. `matrix`, `key` and `runtimes` have no problems with a place, so they have
 * only the first two formats.
 */
const FORMATS = ['text', 'json', 'sarif', 'github']
const PLACELESS = ['matrix', 'key', 'runtimes']
const formatsOf = (command) => (PLACELESS.includes(command) ? FORMATS.slice(0, 2) : FORMATS)
const oneOf = (names) => `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`

/** Every option: its type for parseArgs, its commands, and its line in the help. */
const OPTIONS = {
  target: {
    type: 'string',
    value: '<runtime>',
    many: ['matrix'],
    commands: [...JUDGING, 'doctor', 'matrix', 'key'],
    text:
      'judge for it instead of the Node.js that runs this: node@22, electron@31, bun, ' +
      'deno, node@22/linux-x64-musl; repeatable for matrix',
  },
  threads: {
    type: 'boolean',
    commands: [...JUDGING, 'matrix'],
    text: 'the addons will be loaded in worker threads',
  },
  strict: {
    type: 'boolean',
    commands: JUDGING,
    text: "what can't be judged completely counts as a problem",
  },
  ignore: {
    type: 'string',
    value: '<name>',
    many: SCANNING,
    commands: SCANNING,
    text: 'leave this package and its platform packages out; * is any text; repeatable',
  },
  include: {
    type: 'string',
    value: '<name>',
    many: SCANNING,
    commands: SCANNING,
    text: 'look at this package and its platform packages only; repeatable',
  },
  production: {
    type: 'boolean',
    commands: SCANNING,
    text: 'leave packages out that only devDependencies bring in',
  },
  warn: { type: 'boolean', commands: ['scan'], text: 'exit with 0 whatever is found' },
  fix: {
    type: 'boolean',
    commands: ['scan'],
    text: 'rebuild what is broken; nothing is installed anew',
  },
  yes: {
    type: 'boolean',
    short: 'y',
    commands: ['fix'],
    text: 'carry the plan out without asking',
  },
  'dry-run': { type: 'boolean', commands: ['fix'], text: 'show the plan only' },
  format: {
    type: 'string',
    value: '<format>',
    commands: PRINTING,
    text: (command) =>
      command && PLACELESS.includes(command)
        ? 'text or json'
        : 'text, json, sarif (for code scanning) or github (annotations of GitHub Actions)',
  },
  output: {
    type: 'string',
    short: 'o',
    value: '<file>',
    commands: PRINTING,
    text: 'write the report to this file, whole or not at all',
  },
  json: { type: 'boolean', commands: PRINTING, text: 'short for --format json' },
  verbose: {
    type: 'boolean',
    commands: REPORTING,
    text: 'also show what is fine, and the files not used',
  },
  'no-color': {
    type: 'boolean',
    commands: ALL,
    text: 'no colors, whatever the terminal and the environment say',
  },
  quiet: {
    type: 'boolean',
    short: 'q',
    commands: [...REPORTING, 'fix'],
    text: 'print nothing when all is fine',
  },
  help: {
    type: 'boolean',
    short: 'h',
    commands: ALL,
    text: 'show this help, or that of a command',
  },
  version: { type: 'boolean', short: 'v', commands: ALL, text: 'print the version of abi-guard' },
}

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
      `${name} needs a value: ${name} ${known.value}; one that begins with "-" is written ` +
      `${name}=…`
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
  if (options.output === '') throw new UsageError('--output is empty: name a file')
  if (options.quiet && options.verbose)
    throw new UsageError('--quiet and --verbose exclude each other: drop one')
  if (command === 'check' && operands.length === 0)
    throw new UsageError('check needs a file or a package: abi-guard check <file or package>')
  if (!['check', 'explain'].includes(command) && operands.length > 1) {
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
    : ['Says which native addons would not load, and why, without running them.']
  lines.push('', 'Usage:')
  const usages = Object.values(named).map(({ usage, summary }) => [
    `abi-guard ${usage}`,
    command ? '' : summary,
  ])
  lines.push(...columns(usages, 36), '', 'Options:')
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
    lines.push('', 'Exit code: 0 all is fine, 1 problems were found, 2 wrong usage or input.')
    lines.push('A folder named like a command is written with ./ before it.')
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
