// Output of tools that build or download an addon while a package is installed, and of package
// managers that prevent this.

const failed = (lines, said = 'npm error') =>
  [
    'code 1',
    'path /app/node_modules/tiny-addon',
    'command failed',
    'command sh -c node-gyp rebuild',
    'gyp info it worked if it ends with ok',
    'gyp info using node-gyp@12.4.0',
    'gyp info using node@22.23.3 | linux | x64',
    ...lines,
    'gyp ERR! System Linux 6.1.0',
    'gyp ERR! command "/usr/bin/node" "/usr/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js" "rebuild"',
    'gyp ERR! cwd /app/node_modules/tiny-addon',
    'gyp ERR! node -v v22.23.3',
    'gyp ERR! node-gyp -v v12.4.0',
    'gyp ERR! not ok',
  ]
    .map((line) => `${said} ${line}`)
    .join('\n')

const found = 'gyp info find Python using Python version 3.11.2 found at "/usr/bin/python3"'
const pythonless = [
  'gyp ERR! find Python',
  'gyp ERR! find Python Python is not set from environment variable PYTHON',
  'gyp ERR! find Python checking if "python3" can be used',
  'gyp ERR! find Python - executable path is ""',
  'gyp ERR! find Python You need to install the latest version of Python.',
  'gyp ERR! find Python Node-gyp should be able to find and use Python. If not,',
  'gyp ERR! configure error',
  'gyp ERR! stack Error: Could not find any Python installation to use',
]
const toolchain = { code: 'toolchain', package: 'tiny-addon' }

const builds = [
  { name: 'Python is missing', text: failed(pythonless), ...toolchain, summary: /Python/ },
  {
    name: 'Python is missing, npm 6',
    text: failed(pythonless, 'npm ERR!'),
    ...toolchain,
    summary: /Python/,
  },
  {
    name: 'Python is missing, node-gyp 3',
    text: failed(
      [
        'gyp ERR! configure error',
        'gyp ERR! stack Error: Can\'t find Python executable "python", you can set the PYTHON env variable.',
      ],
      'npm ERR!',
    ),
    ...toolchain,
    summary: /Python/,
  },
  {
    name: 'Python is missing, in pnpm',
    text: pythonless.map((line) => `.../node_modules/tiny-addon install: ${line}`).join('\n'),
    ...toolchain,
    summary: /Python/,
  },
  {
    name: 'make is missing',
    text: failed([found, 'gyp ERR! build error', 'gyp ERR! stack Error: not found: make']),
    ...toolchain,
    summary: /make is missing/,
  },
  ...[
    'make: g++: No such file or directory',
    'make: c++: No such file or directory',
    'make: cc: No such file or directory',
    '/bin/sh: 1: g++: not found',
    '/bin/sh: g++: command not found',
    '/bin/sh: cc: command not found',
    'make: g++: Command not found',
    'make: gcc: No such file or directory',
  ].map((line) => ({
    name: `no compiler: ${line}`,
    text: failed([
      found,
      line,
      'make: *** [tiny.target.mk:106: Release/obj.target/tiny/tiny.o] Error 127',
      'gyp ERR! build error',
      'gyp ERR! stack Error: `make` failed with exit code: 2',
    ]),
    ...toolchain,
    summary: /compiler is missing/,
  })),
  {
    name: 'Visual Studio is missing',
    text: failed([
      'gyp ERR! find VS msvs_version not set from command line or npm config',
      'gyp ERR! find VS VCINSTALLDIR not set, not running in VS Command Prompt',
      'gyp ERR! find VS could not use PowerShell to find Visual Studio 2017 or newer',
      'gyp ERR! find VS You need to install the latest version of Visual Studio',
      'gyp ERR! configure error',
      'gyp ERR! stack Error: Could not find any Visual Studio installation to use',
    ]),
    ...toolchain,
    summary: /Visual Studio/,
  },
  {
    name: 'Visual Studio is missing, old wording',
    text: failed(
      [
        'MSBUILD : error MSB3428: Could not load the Visual C++ component "VCBuild.exe". To fix this, 1) install the .NET Framework 2.0 SDK',
      ],
      'npm ERR!',
    ),
    ...toolchain,
    summary: /Visual Studio/,
  },
  {
    name: "Xcode's tools are missing",
    text: failed([
      'gyp: No Xcode or CLT version detected!',
      'gyp ERR! configure error',
      'gyp ERR! stack Error: `gyp` failed with exit code: 1',
    ]),
    ...toolchain,
    command: 'xcode-select --install',
  },
  {
    name: "Xcode's tools are missing after an update of macOS",
    text: failed([
      'xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools), missing xcrun at: /Library/Developer/CommandLineTools/usr/bin/xcrun',
    ]),
    ...toolchain,
    command: 'xcode-select --install',
  },
  {
    name: 'a Python without distutils',
    text: failed([
      'Traceback (most recent call last):',
      "ModuleNotFoundError: No module named 'distutils'",
      'gyp ERR! configure error',
      'gyp ERR! stack Error: `gyp` failed with exit code: 1',
    ]),
    ...toolchain,
    summary: /old node-gyp/,
  },
  ...['C++17', 'C++20'].map((standard) => ({
    name: `the headers need ${standard}`,
    text: failed([
      found,
      '/home/me/.cache/node-gyp/24.1.0/include/node/v8config.h:13:2: error: #error "C++20 or later required."'.replace(
        'C++20',
        standard,
      ),
      '   13 | #error "C++20 or later required."'.replace('C++20', standard),
      'make: *** [tiny.target.mk:106: Release/obj.target/tiny/tiny.o] Error 1',
    ]),
    code: 'source-too-old',
    package: 'tiny-addon',
    why: new RegExp(standard.replaceAll('+', '\\+')),
  })),
  ...[
    "../../nan/nan_maybe_43_inl.h:88:15: error: no member named 'ForceSet' in 'v8::Object'",
    "../../nan/nan.h:405:9: error: no member named 'ScriptCompiler' in namespace 'v8'",
    '../src/binding.cc:7:5: error: ‘AccessorSignature’ is not a member of ‘v8’',
    '../../nan/nan.h:1836:61: error: no matching function for call to ‘v8::Object::Get(v8::Local<v8::String>)’',
    '../src/a.cc:9:3: error: ‘class v8::Object’ has no member named ‘CreationContext’',
  ].map((line) => ({
    name: line,
    text: failed([found, line, 'make: *** [a.target.mk:106: Release/obj.target/a/a.o] Error 1']),
    code: 'source-too-old',
    package: 'tiny-addon',
    certain: false,
  })),
  ...[
    ['gyp ERR! stack Error: getaddrinfo ENOTFOUND nodejs.org'],
    [
      'gyp ERR! stack Error: 404 response downloading https://example.com/node-v22.23.3-headers.tar.gz',
    ],
    [
      'gyp ERR! stack FetchError: request to https://example.com/node-v22.23.3-headers.tar.gz failed, reason: connect ETIMEDOUT',
    ],
    [
      'gyp ERR! stack Error: This is most likely not a problem with node-gyp or the package itself and',
      'gyp ERR! stack is related to network connectivity. In most cases you are behind a proxy or have bad',
      'gyp ERR! stack network settings.',
    ],
    [
      'gyp WARN install got an error, rolling back install',
      'gyp ERR! configure error',
      'gyp ERR! stack Error: self signed certificate in certificate chain',
    ],
    [
      'gyp WARN install got an error, rolling back install',
      'gyp ERR! configure error',
      'gyp ERR! stack Error: connect ETIMEDOUT 104.20.23.46:443',
    ],
    [
      'gyp WARN install got an error, rolling back install',
      'gyp ERR! configure error',
      'gyp ERR! stack TypeError: fetch failed',
    ],
  ].map((lines) => ({
    name: `no headers: ${lines.at(-1)}`,
    text: failed(lines),
    ...toolchain,
    summary: /headers/,
  })),
  {
    name: 'a Python that is too new for an old node-gyp',
    text: failed([
      'gyp ERR! configure error',
      'gyp ERR! stack Error: Command failed: /usr/bin/python -c import sys; print "%s.%s.%s" % sys.version_info[:3];',
      'gyp ERR! stack SyntaxError: invalid syntax',
    ]),
    ...toolchain,
    summary: /old node-gyp/,
  },
  ...[
    'sh: 1: node-gyp: not found',
    'sh: node-gyp: command not found',
    "'node-gyp' is not recognized as an internal or external command,",
  ].map((line) => ({
    name: line,
    text: `npm error code 127\nnpm error path /app/node_modules/tiny-addon\nnpm error command failed\nnpm error ${line}`,
    ...toolchain,
    summary: /node-gyp isn't installed/,
  })),
  {
    name: 'Yarn has no node-gyp',
    text: '➤ YN0000: [app] Usage Error: Couldn\'t find a script name "node-gyp" in the top-level (used by better-sqlite3@npm:9.0.0). This typically happens because some package depends on "node-gyp" to build itself, but didn\'t list it in their dependencies.',
    code: 'toolchain',
    package: 'better-sqlite3',
    command: 'yarn add --dev node-gyp',
  },
]

const downloads = [
  {
    name: 'prebuild-install',
    text: 'prebuild-install warn install No prebuilt binaries found (target=22.23.3 runtime=node arch=x64 libc= platform=linux)',
    code: 'no-matching-prebuild',
    certain: false,
    summary: /Node\.js 22\.23\.3 on linux-x64/,
  },
  {
    name: 'prebuild-install on musl',
    text: 'prebuild-install warn install No prebuilt binaries found (target=10 runtime=napi arch=arm64 libc=musl platform=linux)',
    code: 'no-matching-prebuild',
    certain: false,
    summary: /Node-API 10 on linux-arm64-musl/,
  },
  {
    name: 'an old prebuild-install, for Electron',
    text: 'prebuild-install WARN install No prebuilt binaries found (target=31.0.0 runtime=electron arch=arm64 platform=darwin)',
    code: 'no-matching-prebuild',
    certain: false,
    summary: /Electron 31\.0\.0 on darwin-arm64/,
  },
  {
    name: 'prebuild-install that finds no file and compiles',
    text: failed([
      'prebuild-install warn install No prebuilt binaries found (target=22.23.3 runtime=node arch=x64 libc= platform=linux)',
      ...pythonless,
    ]),
    ...toolchain,
    summary: /Python/,
  },
  {
    name: 'node-pre-gyp',
    text: 'node-pre-gyp WARN Pre-built binaries not found for bcrypt@5.0.0 and node@22.23.3 (node-v127 ABI, glibc) (falling back to source compile with node-gyp)',
    code: 'no-matching-prebuild',
    package: 'bcrypt',
    certain: false,
    summary: /bcrypt 5\.0\.0 for Node\.js 22\.23\.3/,
  },
  {
    name: 'node-pre-gyp, of a scope',
    text: 'node-pre-gyp WARN Pre-built binaries not installable for @tensorflow/tfjs-node@4.22.0 and electron@31.0.0 (electron-v31.0 ABI, unknown) (falling back to source compile with node-gyp)',
    code: 'no-matching-prebuild',
    package: '@tensorflow/tfjs-node',
    certain: false,
    summary: /Electron 31\.0\.0/,
  },
]

const blocked = [
  {
    name: 'npm 11',
    text: 'npm warn allow-scripts 1 package has install scripts not yet covered by allowScripts:\nnpm warn allow-scripts   tiny-addon@1.0.0 (install: node-gyp rebuild)\nnpm warn allow-scripts',
    package: 'tiny-addon',
    command: 'npm approve-scripts tiny-addon',
  },
  {
    name: 'npm 12',
    text: 'npm warn install-scripts 1 package had install scripts blocked because they are not covered by allowScripts:\nnpm warn install-scripts   tiny-addon@1.0.0 (install: node-gyp rebuild)\nnpm warn install-scripts\nnpm warn install-scripts Run `npm install-scripts ls` to review, or `npm install-scripts approve <pkg>` to allow.',
    package: 'tiny-addon',
    command: 'npm approve-scripts tiny-addon',
  },
  {
    name: 'npm 12, two of them',
    text: 'npm warn install-scripts 2 packages had install scripts blocked because they are not covered by allowScripts:\nnpm warn install-scripts   @scope/tiny@1.0.0 (postinstall: node install.js)\nnpm warn install-scripts   tiny-addon@1.0.0 (install: node-gyp rebuild)',
    package: '@scope/tiny',
    command: 'npm approve-scripts @scope/tiny tiny-addon',
  },
  {
    name: 'pnpm 10',
    text: '╭ Warning ───────────────────────────────────────────────╮\n│                                                        │\n│   Ignored build scripts: better-sqlite3, esbuild.      │\n│   Run "pnpm approve-builds" to pick which dependencies │\n│   should be allowed to run scripts.                    │\n│                                                        │\n╰────────────────────────────────────────────────────────╯',
    package: 'better-sqlite3',
    command: 'pnpm approve-builds better-sqlite3 esbuild',
    summary: /of better-sqlite3, esbuild$/,
  },
  {
    name: 'pnpm 10, in a narrow terminal',
    text: '│   Ignored build scripts: @parcel/watcher@2.5.1,  │\n│   better-sqlite3@11.0.0, esbuild@0.25.0.         │\n│   Run "pnpm approve-builds" to pick              │',
    package: '@parcel/watcher',
    command: 'pnpm approve-builds @parcel/watcher better-sqlite3 esbuild',
    summary: /of @parcel\/watcher@2\.5\.1, better-sqlite3@11\.0\.0, esbuild@0\.25\.0$/,
  },
  {
    name: 'pnpm 11 and newer',
    text: 'Error: ERR_PNPM_IGNORED_BUILDS\n\n  × installing dependencies\n  ╰─▶ Ignored build scripts: tiny-addon@file:tiny-addon-1.0.0.tgz\n  help: Run "pnpm approve-builds" to pick which dependencies should be allowed\n        to run scripts.',
    package: 'tiny-addon',
    command: 'pnpm approve-builds',
    summary: /of tiny-addon@file:tiny-addon-1\.0\.0\.tgz$/,
  },
  {
    name: 'Yarn 4',
    text: '➤ YN0004: │ better-sqlite3@npm:11.8.1 lists build scripts, but all build scripts have been disabled.',
    package: 'better-sqlite3',
    command: 'npm pkg set --json dependenciesMeta[better-sqlite3].built=true',
  },
  {
    name: 'Yarn 4, of a scope, with a patch',
    text: '➤ YN0004: │ @scope/tiny@patch:@scope/tiny@npm%3A1.0.0#~/.yarn/patches/x.patch lists build scripts, but all build scripts have been disabled.',
    package: '@scope/tiny',
    command: 'npm pkg set --json dependenciesMeta[@scope/tiny].built=true',
  },
  {
    name: 'Yarn 4, of one package',
    text: '➤ YN0005: │ better-sqlite3@npm:11.8.1 lists build scripts, but its build has been explicitly disabled through configuration.',
    package: 'better-sqlite3',
    command: 'npm pkg set --json dependenciesMeta[better-sqlite3].built=true',
  },
  {
    name: 'Bun',
    text: '1 package installed [8.00ms]\n\nBlocked 2 postinstalls. Run `bun pm untrusted` for details.',
    command: 'bun pm untrusted',
  },
  {
    name: 'Deno',
    text: 'Warning The following packages contained npm lifecycle scripts (preinstall/install/postinstall) that were not executed:\n┠─ npm:better-sqlite3@11.8.1\n┃\n┠─ This may cause the packages to not work correctly.\n┖─ To run lifecycle scripts, use the `--allow-scripts` flag with `deno install`:\n   deno install --allow-scripts=npm:better-sqlite3@11.8.1',
    package: 'better-sqlite3',
    command: 'deno install --allow-scripts=npm:better-sqlite3@11.8.1',
  },
].map((row) => ({ code: 'scripts-blocked', ...row }))

export default [...builds, ...downloads, ...blocked]
