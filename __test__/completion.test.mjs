// The completion scripts in real shells: bash of this machine, zsh and fish of Debian.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inCache, once } from '../scripts/support/cache.mjs'
import { unpackDebian } from '../scripts/support/debian.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { hasTerminals } from './support/terminal.mjs'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))
const scriptFor = (shell) =>
  execFileSync(process.execPath, [cli, 'completion', shell], { encoding: 'utf8' })

/** A line that is typed, and words that are offered. */
const rows = [
  ['abi-guard sc', ['scan']],
  ['abi-guard --form', ['--format']],
  ['abi-guard scan --format ', ['text', 'json', 'markdown', 'sarif', 'github', 'cyclonedx']],
  ['abi-guard matrix --format ', ['text', 'json', 'markdown']],
  ['abi-guard key --format ', ['text', 'json']],
  ['abi-guard matrix --target d', ['deno']],
  ['abi-guard --include @s/', ['@s/one', '@s/two']],
  ['abi-guard fix --ignore pl', ['plain']],
  ['abi-guard fix --ye', ['--yes']],
  ['abi-guard completion ', ['bash', 'zsh', 'fish']],
]

let folder
let home
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'abi-guard-completion-'))
  home = mkdtempSync(join(tmpdir(), 'abi-guard-home-'))
  const harmful = ['$(touch $PLACE)', '`touch $PLACE`', '; touch $PLACE']
  for (const name of ['plain', '@s/one', '@s/two', '.bin', ...harmful])
    mkdirSync(join(folder, 'node_modules', name), { recursive: true })
})
after(() => {
  for (const place of [folder, home]) rmSync(place, { recursive: true, force: true })
})

/** No name in node_modules was run as a command. */
const isUntouched = () => {
  assert.deepEqual(readdirSync(folder), ['node_modules'])
}

const hasBash = spawnSync('bash', ['-c', '((BASH_VERSINFO[0] >= 3))']).status === 0

test('completion in bash', { skip: !hasBash && 'there is no bash' }, () => {
  for (const [line, expected] of [
    ...rows,
    ['abi-guard --include ', ['plain', '@s/one', '@s/two']],
  ]) {
    const words = line.split(' ').map((word) => `'${word}'`)
    const script = `${scriptFor('bash')}
      COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}
      _abi_guard; printf '%s\n' "\${COMPREPLY[@]}"`
    const offered = execFileSync('bash', ['--norc', '-c', script], {
      cwd: folder,
      env: { PATH: process.env.PATH, PLACE: join(folder, 'touched') },
      encoding: 'utf8',
    })
    assert.deepEqual(offered.trim().split('\n').sort(), [...expected].sort(), line)
  }
  isUntouched()
})

const packages = [
  ['fish=3.6.0-3.1+deb12u1', 'ffe12d263ef84a49554205e7c6607d81bc4f78f350194aab303a9a7a7888bbab'],
  [
    'fish-common=3.6.0-3.1+deb12u1',
    '7386d9ae1851784c9ab3818f18389dbe33f4961f48617393509e2cc99ac6b6e1',
  ],
  [
    'libpcre2-32-0=10.42-1+deb12u2',
    '159c10b6a650cac30de79f93189e7bfdcbc42088ec1e7049a08477e4e93be223',
  ],
  ['zsh=5.9-4+b15', '8362cc8bbb530d393950522dc8a9df5a860a61227d62ff669a7524056e6289a8'],
  ['zsh-common=5.9-4', '4f263aa88910f750965b1a83dcbca1355b2cf509acffe96cc2d856333909a7b5'],
].map(([name, sha256]) => ({ package: name, sha256 }))

suite('completion in', {
  skip: (!isLinuxX64 && 'the shells are for linux-x64') || fullLane,
}, () => {
  let debian
  before(async () => {
    debian = await once(inCache('debian', 'shells-1'), (into, work) =>
      unpackDebian('bookworm', packages, work, into),
    )
  })

  const environment = () => ({
    HOME: home,
    TERM: 'xterm',
    PLACE: join(folder, 'touched'),
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    LD_LIBRARY_PATH: join(debian, 'usr/lib/x86_64-linux-gnu'),
  })

  test('fish', () => {
    const functions = join(debian, 'usr/share/fish/functions')
    for (const [line, expected] of rows) {
      const script = `set -g fish_function_path ${functions}
        ${scriptFor('fish')}
        complete -C '${line}'`
      const offered = execFileSync(join(debian, 'usr/bin/fish'), ['--no-config', '-c', script], {
        cwd: folder,
        env: environment(),
        encoding: 'utf8',
      })
      const words = offered
        .trim()
        .split('\n')
        .map((one) => one.split('\t')[0])
      assert.deepEqual(words.sort(), [...expected].sort(), line)
    }
    isUntouched()
  })

  test('zsh', { skip: !hasTerminals && 'python makes terminals here, and there is none' }, () => {
    for (const [line, expected] of rows) {
      const typed = spawnSync('python3', ['-c', TYPE, debian, line, ...expected], {
        cwd: folder,
        env: { ...environment(), SCRIPT: scriptFor('zsh') },
        encoding: 'utf8',
        timeout: 60_000,
      })
      // zsh writes control characters between words, and sometimes within one.
      const shown = ['', ' '].map((gap) => typed.stdout.replace(/[^\n\x20-\x7e]+/g, gap))
      for (const word of expected)
        assert.match(
          shown.join('\n'),
          new RegExp(`(^|\\s)${word}(\\s|$)`, 'm'),
          `${line}\n${typed.stdout}${typed.stderr}`,
        )
    }
    isUntouched()
  })
})

/** Types a line and a tab in an interactive zsh, and prints what it shows. */
const TYPE = String.raw`
import os, pty, re, select, sys, time
debian, line, words = sys.argv[1], sys.argv[2], sys.argv[3:]
functions = ' '.join(folder for folder, _, _ in os.walk(debian + '/usr/share/zsh/functions'))
setup = '''module_path=(%s/usr/lib/x86_64-linux-gnu/zsh/5.9)
fpath=(%s)
autoload -Uz compinit; compinit -u -D; eval "$SCRIPT"; unset LD_LIBRARY_PATH; PS1="ready"; PS1+=": "
''' % (debian, functions)
pid, terminal = pty.fork()
if pid == 0:
    os.execv(debian + '/bin/zsh', ['zsh', '-f', '-i'])
seen = ''
def wait(patterns, seconds):
    global seen
    end = time.time() + seconds
    while time.time() < end and not all(re.search(one, seen) for one in patterns):
        if select.select([terminal], [], [], 0.1)[0]:
            seen += re.sub(r'\x1b\[[?\d;]*[A-Za-z]', '\x01', os.read(terminal, 65536).decode('utf8', 'replace'))
for text in setup.splitlines():
    os.write(terminal, text.encode() + b'\n')
wait(['ready: '], 20)
seen = ''
os.write(terminal, line.encode() + b'\t')
# Control characters may be within a word.
wait(['[\x01-\x1f]*'.join(word) for word in words], 20)
wait(['\0'], 0.3)
print(seen)
os.kill(pid, 9)
`
