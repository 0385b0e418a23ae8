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
      'Without a directory, checks the project of the current folder: the nearest\n' +
      'folder upwards with a package.json. Of each package, only the one .node file\n' +
      'that it would load counts.\n' +
      'As an installation hook ("postinstall": "abi-guard"), it judges for the\n' +
      'runtime of the installation, and prints nothing without problems.',
  },
  check: {
    usage: 'check <file or package>…',
    summary: 'check .node files, package folders, or installed packages by name',
    details:
      'If there is no file or folder of that name, searches node_modules for a\n' +
      'package, from the current folder upwards.',
  },
  audit: {
    usage: 'audit [directory or .tgz]',
    summary: 'check a package before it is published',
    details:
      'Without an operand, checks the package of the current folder. Finds .node files\n' +
      'that do not match their name or that the package never loads, and systems in\n' +
      'os, cpu, libc or napi.targets without a file. Lists the glibc, macOS and\n' +
      'Node.js versions that the files need.',
  },
  explain: {
    usage: 'explain [text or file]',
    summary: 'explain an error or a log, and show the fix',
    details:
      'Reads the text of an error, a file (a CI log), or standard input:\n' +
      '  node app.js 2>&1 | abi-guard explain\n' +
      'Exits with 1 if the text contains no known error.',
  },
  fix: {
    usage: 'fix [directory]',
    summary: 'repair the broken packages: show the plan, ask, and run it',
    details:
      'Commands run with the Node.js that runs abi-guard. Replaced files are kept\n' +
      'until the new ones load, and restored otherwise. After an interrupted repair,\n' +
      'the next one shows which files it will restore, and asks.',
  },
  matrix: {
    usage: 'matrix [directory]',
    summary: 'check each native package in each later Node.js',
    details:
      'Without --target, checks for the Node.js that runs abi-guard and for later\n' +
      'lines. A package with the state "rebuild" loads after an installation with that\n' +
      'Node.js.',
  },
  key: {
    usage: 'key [directory]',
    summary: 'print a key for a CI cache of node_modules',
    details:
      'The key changes with the system, the libc, the ABI and the lockfile. A cache\n' +
      'under this key never restores addons that were built for another Node.js.',
  },
  doctor: {
    usage: 'doctor [directory]',
    summary: 'find what will break: version pins, Docker, CI, compilers',
    details:
      'Without a directory, checks the project of the current folder. Reads the files\n' +
      'around it (pins of Node.js, Dockerfiles, compose files, GitHub Actions, GitLab)\n' +
      'and compares them with its native packages. Runs and changes nothing. Each\n' +
      'finding has its place and the corrected lines.',
  },
  runtimes: {
    usage: 'runtimes [name or ABI]',
    summary: 'list the known releases of Node.js, Electron, Bun, Deno and NW.js',
    details: 'With a name (electron) or an ABI number (115), lists only those releases.',
  },
  completion: {
    usage: 'completion <shell>',
    summary: 'print the completion script of bash, zsh or fish',
    details:
      'bash:  echo \'eval "$(abi-guard completion bash)"\' >> ~/.bashrc\n' +
      'zsh:   echo \'eval "$(abi-guard completion zsh)"\' >> ~/.zshrc (after compinit)\n' +
      'fish:  abi-guard completion fish > ~/.config/fish/completions/abi-guard.fish',
  },
}

const JUDGING = ['scan', 'check']
const SCANNING = ['scan', 'fix', 'matrix']
const REPORTING = [...JUDGING, 'audit', 'doctor', 'matrix']
const ALL = Object.keys(COMMANDS)
const PRINTING = ALL.filter((name) => !['fix', 'completion'].includes(name))

/**
 * The output formats. `matrix`, `key` and `runtimes` have no problems with a place, so they have
 * only the first two formats.
 */
const FORMATS = ['text', 'json', 'sarif', 'github']
const PLACELESS = ['matrix', 'key', 'runtimes']
const formatsOf = (command) => (PLACELESS.includes(command) ? FORMATS.slice(0, 2) : FORMATS)
/** The shells that `completion` knows. */
const SHELLS = ['bash', 'zsh', 'fish']
const oneOf = (names) => `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`

/** Every option: its type for parseArgs, its commands, and its line in the help. */
const OPTIONS = {
  target: {
    type: 'string',
    value: '<runtime>',
    many: ['matrix'],
    commands: [...JUDGING, 'doctor', 'matrix', 'key'],
    text:
      'the runtime to judge for, instead of the Node.js that runs abi-guard: node@22, ' +
      'electron@31, bun, deno, node@22/linux-x64-musl; repeatable for matrix',
  },
  threads: {
    type: 'boolean',
    commands: [...JUDGING, 'matrix'],
    text: 'the addons will be loaded in worker threads',
  },
  strict: {
    type: 'boolean',
    commands: JUDGING,
    text: 'an incomplete judgment counts as a problem',
  },
  ignore: {
    type: 'string',
    value: '<name>',
    many: SCANNING,
    commands: SCANNING,
    text: 'leave out this package and its platform packages; * is any text; repeatable',
  },
  include: {
    type: 'string',
    value: '<name>',
    many: SCANNING,
    commands: SCANNING,
    text: 'check only this package and its platform packages; repeatable',
  },
  production: {
    type: 'boolean',
    commands: SCANNING,
    text: 'leave out packages that only devDependencies need',
  },
  warn: { type: 'boolean', commands: ['scan'], text: 'exit with 0 even if there are problems' },
  fix: {
    type: 'boolean',
    commands: ['scan'],
    text: 'rebuild broken packages, without installing any',
  },
  yes: {
    type: 'boolean',
    short: 'y',
    commands: ['fix'],
    text: 'run the plan without asking',
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
    text: 'write the report to this file',
  },
  json: { type: 'boolean', commands: PRINTING, text: 'short for --format json' },
  verbose: {
    type: 'boolean',
    commands: REPORTING,
    text: 'also show packages without problems, and unused files',
  },
  'no-color': {
    type: 'boolean',
    commands: ALL,
    text: 'no colors, even if the terminal or the environment asks for them',
  },
  quiet: {
    type: 'boolean',
    short: 'q',
    commands: [...REPORTING, 'fix'],
    text: 'print nothing if there are no problems',
  },
  help: {
    type: 'boolean',
    short: 'h',
    commands: ALL,
    text: 'show this help, or the help of a command',
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
  if (options.output === '') throw new UsageError('--output is empty: name a file')
  if (options.quiet && options.verbose)
    throw new UsageError('--quiet and --verbose exclude each other: drop one')
  if (command === 'check' && operands.length === 0)
    throw new UsageError('check needs a file or a package: abi-guard check <file or package>')
  if (command === 'completion' && !SHELLS.includes(operands[0]))
    throw new UsageError(`completion needs a shell: abi-guard completion ${oneOf(SHELLS)}`)
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
    : ["Finds native addons that can't load, and why, without running them."]
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

/** The options of a command, for a completion: long and short name, text, and values. */
function optionsOf(command) {
  return Object.entries(OPTIONS)
    .filter(([, { commands }]) => commands.includes(command))
    .map(([name, { value, short, text }]) => ({
      name,
      short,
      text: typeof text === 'function' ? text(command) : text,
      value: value?.slice(1, -1),
      values: name === 'format' ? formatsOf(command) : undefined,
    }))
}

module.exports = { COMMANDS, SHELLS, help, looksLikePath, optionsOf, parse }
