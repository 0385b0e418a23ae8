'use strict'
// Completion scripts for shells. They contain all words, because starting Node.js at each press of
// the key would be slow.

const { COMMANDS, LEVELS, SHELLS, optionsOf } = require('./options.js')

const NAMES = Object.keys(COMMANDS)
const RUNTIMES = ['node', 'electron', 'bun', 'deno', 'nw']

/** The completion script of a shell in `SHELLS`. */
const scriptFor = (shell) => ({ bash, zsh, fish })[shell]()

/** The values of an option, or the kind of them. */
function valuesOf({ value, values }) {
  if (values) return { words: values }
  if (value === 'level') return { words: [...new Set(Object.values(LEVELS).flatMap(Object.keys))] }
  if (value === 'runtime') return { words: RUNTIMES }
  return value === 'name' ? { isPackage: true } : { isFile: true }
}

/** Single quotes for bash and zsh. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`

/** A text for a list of options: its first part, because the line has to be short. */
const brief = ({ text, values }) => (values ? 'the output format' : text.split(/[:;,] /)[0])

/** The lines of `case` with one entry per command. */
const perCommand = (lineOf) => NAMES.map((name) => `    ${name}) ${lineOf(name)} ;;`).join('\n')

/** All options of all commands that take a value, each once. */
function valued() {
  const all = NAMES.flatMap(optionsOf).filter(({ value }) => value)
  return all.filter(({ name }, index) => all.findIndex((one) => one.name === name) === index)
}

const flags = ({ name, short }) => (short ? `-${short}|--${name}` : `--${name}`)

/**
 * Packages in node_modules, for bash and zsh. Folders with other names are left out: they are no
 * packages, and a shell might read such a name as a command.
 */
const PACKAGES = `_abi_guard_packages() {
  local folder name
  for folder in node_modules/* node_modules/@*/*; do
    name=\${folder#node_modules/}
    case $name in
      *[!A-Za-z0-9@/._~-]*) ;;
      @*/*) [ -d "$folder" ] && printf '%s\\n' "$name" ;;
      @*) ;;
      *) [ -d "$folder" ] && printf '%s\\n' "$name" ;;
    esac
  done
}`

/** The formats differ by command, so they are a variable of the script. */
const listOf = ({ name }, { words }) => (name === 'format' ? '$formats' : words.join(' '))

const formatsIn = (options) => options.find(({ name }) => name === 'format')?.values ?? []

function bash() {
  const values = valued().map((option) => {
    const what = valuesOf(option)
    const answer = what.isPackage
      ? '_abi_guard_names'
      : `COMPREPLY=($(compgen ${what.words ? `-W "${listOf(option, what)}"` : '-f'} -- "$current"))`
    return `    ${flags(option)}) ${answer}; return ;;`
  })
  const options = perCommand((name) => {
    const all = optionsOf(name)
    const words = all.map((one) => `--${one.name}`).join(' ')
    return `options='${words}' formats='${formatsIn(all).join(' ')}'`
  })
  return `# bash completion for abi-guard
${PACKAGES}
# "compgen -W" would run commands in names.
_abi_guard_names() {
  local name
  while IFS= read -r name; do
    [[ $name == "$current"* ]] && COMPREPLY+=("$name")
  done < <(_abi_guard_packages)
}
_abi_guard() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command= options formats word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      ${NAMES.join('|')}) command=$word; break ;;
    esac
  done
  case \${command:-scan} in
${options}
  esac
  case $previous in
${values.join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ $command == completion ]]; then
    COMPREPLY=($(compgen -W "${SHELLS.join(' ')}" -- "$current"))
  else
    local IFS=$'\\n'
    if [[ -z $command ]]; then
      COMPREPLY=($(IFS=' ' compgen -W "${NAMES.join(' ')}" -- "$current")
        $(compgen -d -- "$current"))
    else
      COMPREPLY=($(compgen -f -- "$current"))
    fi
  fi
}
complete -o filenames -F _abi_guard abi-guard
`
}

function zsh() {
  const described = (name, text) => quoted(`${name}:${text.replaceAll(':', '\\:')}`)
  const values = valued().map((option) => {
    const what = valuesOf(option)
    const add = what.isPackage
      ? `compadd -- \${(f)"$(_abi_guard_packages)"}`
      : what.words
        ? `compadd -- ${option.name === 'format' ? `\${=formats}` : what.words.join(' ')}`
        : '_files'
    return `    ${flags(option)}) ${add}; return ;;`
  })
  const options = perCommand((name) => {
    const all = optionsOf(name)
    const words = all.map((one) => described(`--${one.name}`, brief(one)))
    return `options=(${words.join(' ')}) formats='${formatsIn(all).join(' ')}'`
  })
  const commands = NAMES.map((name) => described(name, COMMANDS[name].summary))
  return `#compdef abi-guard
${PACKAGES}
_abi_guard() {
  setopt local_options null_glob
  local -a commands options
  local command= formats word
  commands=(${commands.join(' ')})
  for word in \${words[2,CURRENT-1]}; do
    case $word in
      ${NAMES.join('|')}) command=$word; break ;;
    esac
  done
  case \${command:-scan} in
${options}
  esac
  case \${words[CURRENT-1]} in
${values.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o option options
  elif [[ $command == completion ]]; then
    compadd -- ${SHELLS.join(' ')}
  else
    [[ -z $command ]] && _describe command commands
    _files
  fi
}
if [[ \${funcstack[1]} == _abi_guard ]]; then
  _abi_guard "$@"
else
  compdef _abi_guard abi-guard
fi
`
}

function fish() {
  const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const others = NAMES.filter((name) => name !== 'scan').join(' ')
  const lines = NAMES.map(
    (name) =>
      `complete -c abi-guard -n __fish_use_subcommand -a ${name} ` +
      `-d ${quote(COMMANDS[name].summary)}`,
  )
  for (const command of NAMES) {
    const seen =
      command === 'scan'
        ? `not __fish_seen_subcommand_from ${others}`
        : `__fish_seen_subcommand_from ${command}`
    for (const option of optionsOf(command)) {
      const { words, isPackage } = option.value ? valuesOf(option) : {}
      const list = isPackage ? '(__abi_guard_packages)' : words?.join(' ')
      const value = list ? ` -x -a ${quote(list)}` : option.value ? ' -r -F' : ''
      const short = option.short ? ` -s ${option.short}` : ''
      lines.push(
        `complete -c abi-guard -n ${quote(seen)} -l ${option.name}${short}${value} ` +
          `-d ${quote(brief(option))}`,
      )
    }
    if (command === 'completion')
      lines.push(`complete -c abi-guard -n ${quote(seen)} -f -a ${quote(SHELLS.join(' '))}`)
  }
  return `# fish completion for abi-guard
function __abi_guard_packages
  for folder in node_modules/* node_modules/@*/*
    string match -qr '^node_modules/(@[A-Za-z0-9._~-]+/)?[A-Za-z0-9._~-]+$' -- $folder
    and string replace node_modules/ '' -- $folder
  end
end
${lines.join('\n')}
`
}

module.exports = { scriptFor }
