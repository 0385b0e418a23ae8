'use strict'
// The commands and options of the command line, with their help texts.

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
    summary: 'check .node files, packages, or images of containers',
    details:
      'If there is no file or folder of that name, searches node_modules for a\n' +
      'package, from the current folder upwards. In an image (docker save, OCI), it\n' +
      'checks the app for the Node.js and the libraries of the image.',
  },
  audit: {
    usage: 'audit [directory or .tgz]…',
    summary: 'check a package before it is published',
    details:
      'Without an operand, checks the package of the current folder. Finds .node files\n' +
      'that do not match their name or that the package never loads, and systems in\n' +
      'os, cpu, libc or napi.targets without a file. Lists the glibc, macOS and\n' +
      'Node.js versions that the files need.\n' +
      'Further operands are its platform packages, or folders with them; without any,\n' +
      'those in the folder npm or platforms of the package. Compares them with\n' +
      'optionalDependencies, and their os, cpu and libc with their addons.',
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
 * The output formats. `sarif` and `github` need problems with a place, which `matrix`, `key` and
 * `runtimes` don't have. The last one needs addons.
 */
const FORMATS = ['text', 'json', 'markdown', 'sarif', 'github', 'cyclonedx']
const FEWER = {
  doctor: FORMATS.slice(0, 5),
  explain: FORMATS.slice(0, 5),
  matrix: FORMATS.slice(0, 3),
  key: FORMATS.slice(0, 2),
  runtimes: FORMATS.slice(0, 2),
}
/** What a format is for, in the help. */
const USES = {
  sarif: ' (for code scanning)',
  github: ' (annotations of GitHub Actions)',
  cyclonedx: ' (an SBOM)',
}
const formatsOf = (command) => FEWER[command] ?? FORMATS

/** The shells that `completion` knows. */
const SHELLS = ['bash', 'zsh', 'fish']
const oneOf = (names) => `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`

/** The states of cells, and the severities of findings, that give exit code 1 at each level. */
const LEVELS = {
  matrix: {
    breaks: ['breaks', 'no-prebuild'],
    rebuild: ['breaks', 'no-prebuild', 'rebuild'],
    unknown: ['breaks', 'no-prebuild', 'rebuild', 'unknown'],
    never: [],
  },
  doctor: {
    error: ['error'],
    warning: ['error', 'warning'],
    note: ['error', 'warning', 'note'],
    never: [],
  },
}
const DEFAULT_LEVEL = { matrix: 'rebuild', doctor: 'warning' }

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
  max: {
    type: 'string',
    value: '<versions>',
    many: ['audit'],
    commands: ['audit'],
    text:
      'the newest versions that files may need, with commas: glibc2.28, glibcxx3.4.25, ' +
      'cxxabi1.3.11, macos11, node-api9',
  },
  require: {
    type: 'string',
    value: '<systems>',
    many: ['audit'],
    commands: ['audit'],
    text: 'systems that must have an addon, with commas: linux-x64-musl,darwin-arm64',
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
    text: (command) => oneOf(formatsOf(command).map((name) => name + (USES[name] ?? ''))),
  },
  output: {
    type: 'string',
    short: 'o',
    value: '<file>',
    commands: PRINTING,
    text: 'write the report to this file',
  },
  summary: {
    type: 'boolean',
    commands: REPORTING,
    text: 'also add the report to the summary of the job in GitHub Actions',
  },
  'fail-on': {
    type: 'string',
    value: '<level>',
    commands: Object.keys(LEVELS),
    text: (command) =>
      'what gives exit code 1: ' +
      (command
        ? `${oneOf(Object.keys(LEVELS[command]))}; the default is ${DEFAULT_LEVEL[command]}`
        : 'for matrix breaks, rebuild or unknown; for doctor error, warning or note; or never'),
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

module.exports = {
  ALL,
  COMMANDS,
  DEFAULT_LEVEL,
  FORMATS,
  LEVELS,
  OPTIONS,
  SHELLS,
  formatsOf,
  oneOf,
  optionsOf,
}
