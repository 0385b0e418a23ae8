// Output of installations that download or compile an addon and fail, and of package managers that
// reject a package.

const gyp = (lines, folder = '/app/node_modules/tiny-addon') =>
  [
    'gyp info it worked if it ends with ok',
    'gyp info using node-gyp@11.0.0',
    'gyp info using node@22.23.3 | linux | x64',
    ...lines,
    `gyp ERR! cwd ${folder}`,
    'gyp ERR! node -v v22.23.3',
    'gyp ERR! not ok',
  ].join('\n')
const of = { package: 'tiny-addon' }
const toolchain = { code: 'toolchain', ...of }
const headers = { code: 'library-headers-missing', ...of }

const visualStudio = [
  {
    name: 'a Visual Studio that node-gyp does not know',
    text: gyp(
      [
        'gyp ERR! find VS unknown version "undefined" found at "C:\\Program Files\\Microsoft Visual Studio\\18\\Community"',
        'gyp ERR! find VS could not find a version of Visual Studio 2017 or newer to use',
        'gyp ERR! find VS You need to install the latest version of Visual Studio',
        'gyp ERR! stack Error: Could not find any Visual Studio installation to use',
      ],
      'C:\\app\\node_modules\\tiny-addon',
    ),
    ...toolchain,
    summary: /node-gyp is too old/,
    fix: /newer npm/,
  },
  {
    name: 'a Visual Studio without C++',
    text: gyp(
      [
        'gyp ERR! find VS checking VS2022 (17.9.34622.214) found at:',
        'gyp ERR! find VS "C:\\Program Files\\Microsoft Visual Studio\\2022\\Community"',
        'gyp ERR! find VS - found "Visual Studio C++ core features"',
        'gyp ERR! find VS - missing any VC++ toolset',
        'gyp ERR! stack Error: Could not find any Visual Studio installation to use',
      ],
      'C:\\app\\node_modules\\tiny-addon',
    ),
    ...toolchain,
    summary: /no tools for C\+\+/,
    fix: /Desktop development/,
  },
]

const python = [
  {
    name: 'a Python that is too old',
    text: gyp([
      'gyp ERR! find Python - version is 3.5.3 - should be >=3.6.0',
      'gyp ERR! find Python - THIS VERSION OF PYTHON IS NOT SUPPORTED',
      'gyp ERR! stack Error: Could not find any Python installation to use',
    ]),
    ...toolchain,
    summary: /Python 3\.5\.3 is too old/,
  },
  {
    name: 'a node-gyp that is too old for Python 3.11',
    text: gyp([
      'Traceback (most recent call last):',
      '  File "/usr/lib/node_modules/npm/node_modules/node-gyp/gyp/pylib/gyp/input.py", line 234, in LoadOneBuildFile',
      "    build_file_contents = open(build_file_path, 'rU').read()",
      "ValueError: invalid mode: 'rU' while trying to load binding.gyp",
      'gyp ERR! configure error',
    ]),
    ...toolchain,
    summary: /old node-gyp/,
  },
  {
    name: 'a gyp for Python 2',
    text: gyp([
      '  File "/app/node_modules/node-gyp/gyp/gyp_main.py", line 50',
      "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?",
      'gyp ERR! configure error',
    ]),
    ...toolchain,
    summary: /old node-gyp/,
  },
]

const programs = [
  ...[
    ['ERR! OMG CMake executable is not found. Please use your system', /CMake is missing/],
    ['/bin/sh: 1: cmake: not found', /CMake is missing/],
    ['sh: 1: pkg-config: not found', /pkg-config is missing/],
    ['sh: cargo: command not found', /Rust is missing/],
    ['gyp: Undefined variable android_ndk_path in binding.gyp while trying', /android_ndk_path/],
    [
      "gyp: Call to 'node -e \"require('nan')\"' returned exit status 1 while in binding.gyp.",
      /nan is missing/,
    ],
    [
      '  Compatibility with CMake < 3.5 has been removed from CMake.',
      /CMake is too new for the package/,
    ],
  ].map(([line, summary]) => ({ text: gyp([line]), ...toolchain, summary })),
  {
    name: 'a command in binding.gyp that fails',
    text: gyp([
      "gyp: Call to './util/has_lib.sh freetype' returned exit status 127 while in binding.gyp.",
    ]),
    code: 'build-failed',
    ...of,
    summary: /has_lib/,
  },
]

const compilers = [
  ...[
    'g++: error: unrecognized command line option ‘-std=gnu++20’; did you mean ‘-std=gnu++2a’?',
    "c++: error: unrecognized command-line option '-std=c++20'",
    "error: invalid value 'c++20' in '-std=c++20'",
    '/cache/22.0.0/include/node/v8.h:12:10: fatal error: source_location: No such file or directory',
    "../src/x.cc:3:10: fatal error: 'compare' file not found",
  ].map((line) => ({ text: gyp([line]), ...toolchain, summary: /compiler is too old/ })),
  ...[
    'g++: fatal error: Killed signal terminated program cc1plus',
    'g++: internal compiler error: Killed (program cc1plus)',
    'virtual memory exhausted: Cannot allocate memory',
  ].map((line) => ({ text: gyp([line]), code: 'build-failed', ...of, summary: /memory/ })),
  {
    name: 'a header that needs a newer standard, from Visual Studio',
    text: 'C:\\cache\\23.3.0\\include\\node\\v8config.h(13,1): error C1189: #error:  "C++20 or later required." [C:\\app\\node_modules\\better-sqlite3\\build\\better_sqlite3.vcxproj]',
    code: 'source-too-old',
    package: 'better-sqlite3',
    why: /C\+\+20/,
  },
  {
    name: 'a library to link with that is for another processor',
    text: gyp([
      'ld: warning: ignoring file /opt/homebrew/lib/libvips.dylib, building for macOS-x86_64 but attempting to link with file built for macOS-arm64',
    ]),
    ...toolchain,
    summary: /x86_64.*arm64/,
  },
  {
    name: 'the library of the runtime',
    text: "LINK : fatal error LNK1181: cannot open input file 'C:\\\\Users\\\\me\\\\.electron-gyp\\\\25.2.0\\\\x64\\\\node.lib'\nnode-gyp failed to rebuild",
    code: 'toolchain',
    summary: /node\.lib/,
  },
  {
    name: 'the end of a log only',
    text: 'gyp ERR! build error\ngyp ERR! stack Error: `make` failed with exit code: 2\ngyp ERR! cwd /app/node_modules/tiny-addon',
    code: 'build-failed',
    ...of,
    certain: false,
    fix: /lines above/,
  },
  {
    name: 'a log that Yarn keeps',
    text: "➤ YN0009: │ sqlite3@npm:4.2.0 couldn't be built successfully (exit code 1, logs can be found here: /tmp/xfs-1/build.log)",
    code: 'build-failed',
    package: 'sqlite3',
    certain: false,
    fix: /\/tmp\/xfs-1\/build\.log/,
  },
]

const development = [
  ...[
    ['../src/Image.h:19:21: fatal error: gif_lib.h: No such file or directory', /libgif-dev/],
    ["../src/kerberos.cc:3:10: fatal error: 'gssapi/gssapi.h' file not found", /libkrb5-dev/],
    [
      "Package pangocairo was not found in the pkg-config search path.\nNo package 'pangocairo' found",
      /libpango1\.0-dev/,
    ],
    ["Package 'libsecret-1', required by 'virtual:world', not found", /libsecret-1-dev/],
    ['/usr/bin/ld: cannot find -lxkbfile: No such file or directory', /libxkbfile-dev/],
    ['ld: library not found for -lgcc_s.10.5', /development package/],
    ["ld: library 'zmq' not found", /libzmq3-dev/],
  ].map(([line, fix]) => ({ text: gyp([line]), ...headers, fix })),
  {
    name: 'a header of a package on npm',
    text: gyp(['../src/x.cc:1:10: fatal error: napi.h: No such file or directory']),
    ...toolchain,
    fix: /Add node-addon-api/,
  },
]

const downloads = [
  ...[
    ['prebuild-install warn install unable to get local issuer certificate', /NODE_EXTRA_CA_CERTS/],
    ['prebuild-install WARN install unable to verify the first certificate', /NODE_EXTRA_CA_CERTS/],
    ['prebuild-install warn install getaddrinfo ENOTFOUND github.com', /network/],
    ['sharp: Installation error: connect ECONNREFUSED 185.199.111.133:443', /network/],
    ['sharp: Installation error: tunneling socket could not be established, cause=x', /proxy/],
    [
      'node-pre-gyp ERR! install request to https://github.com/x failed, reason: read ECONNRESET',
      /network/,
    ],
  ].map(([line, fix]) => ({
    text: `npm error path /app/node_modules/tiny-addon\n${line}`,
    code: 'download-failed',
    ...of,
    fix,
  })),
  ...[
    'node-pre-gyp ERR! install response status 404 Not Found on https://github.com/x/releases/download/v2.11.2/canvas-v2.11.2-node-v115-darwin-unknown-arm64.tar.gz',
    'node-pre-gyp WARN Tried to download(404): https://github.com/x/releases/download/v2.0.0/canvas-prebuilt-v2.0.0-node-v115-darwin-arm64.tar.gz',
  ].map((text) => ({
    text,
    code: 'no-matching-prebuild',
    package: 'canvas',
    certain: false,
    summary: /Node\.js 20 \(ABI 115\) on darwin-arm64/,
  })),
  {
    name: 'node-sass, whose server has no file for this ABI',
    text: 'Cannot download "https://github.com/sass/node-sass/releases/download/v4.14.1/linux-x64-108_binding.node": \n\nHTTP error 404 Not Found',
    code: 'no-matching-prebuild',
    package: 'node-sass',
    summary: /Node\.js 18/,
  },
  {
    name: 'the headers of Node.js, and a certificate',
    text: 'gyp WARN install got an error, rolling back install\ngyp ERR! configure error\ngyp ERR! stack Error: unable to get local issuer certificate',
    code: 'toolchain',
    fix: /NODE_EXTRA_CA_CERTS/,
  },
]

const system = {
  text: 'npm error notsup Unsupported platform for @esbuild/darwin-arm64@0.19.8: wanted {"os":"darwin","cpu":"arm64"} (current: {"os":"linux","cpu":"x64"})',
  code: 'wrong-platform',
  package: '@esbuild/darwin-arm64',
  summary: /darwin-arm64, but is installed on linux-x64/,
  fix: /Remove @esbuild\/darwin-arm64/,
}
const refused = [
  { name: 'npm, and a package for another system', ...system },
  {
    ...system,
    name: 'pnpm, and a package for another system',
    text: ' ERR_PNPM_UNSUPPORTED_PLATFORM  Unsupported platform for @esbuild/darwin-arm64@0.19.8: wanted {"cpu":["arm64"],"os":["darwin"],"libc":["any"]} (current: {"os":"linux","cpu":"x64","libc":"glibc"})',
  },
  {
    name: 'Yarn 1, and a package for another system',
    text: 'error @esbuild/darwin-arm64@0.19.8: The platform "linux" is incompatible with this module.',
    code: 'wrong-platform',
    package: '@esbuild/darwin-arm64',
    fix: /Remove/,
  },
  ...[
    "npm error [Error: EPERM: operation not permitted, unlink 'C:\\app\\node_modules\\tiny-addon\\build\\tiny.node'] {",
    "Error: EBUSY: resource busy or locked, rename 'C:\\app\\node_modules\\tiny-addon\\build\\tiny.node' -> 'C:\\x'",
    "LINK : fatal error LNK1104: cannot open file 'C:\\app\\node_modules\\tiny-addon\\build\\tiny.node'",
  ].map((text) => ({
    text,
    code: 'file-in-use',
    ...of,
    file: 'C:\\app\\node_modules\\tiny-addon\\build\\tiny.node',
    fix: /Stop the programs/,
  })),
]

export default [
  ...visualStudio,
  ...python,
  ...programs,
  ...compilers,
  ...development,
  ...downloads,
  ...refused,
]
