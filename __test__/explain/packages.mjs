// Errors of packages that don't find their addon or can't load it, and of bundlers that can't
// bundle an addon.

const in_ = (folder) => `/app/node_modules/${folder}`
const modules = `
    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)
    at Module._load (node:internal/modules/cjs/loader:1051:27)`

const gypBuild = (rest) =>
  `Error: No native build was found for ${rest}\n    loaded from: ${in_('bcrypt')}\n\n    at load.resolve.load.path (${in_('node-gyp-build')}/node-gyp-build.js:60:9)\n    at load (${in_('node-gyp-build')}/node-gyp-build.js:22:30)`

const npmHasABug =
  'npm has a bug related to optional dependencies (https://github.com/npm/cli/issues/4828). Please try `npm i` again after removing both package-lock.json and node_modules directory.'

const loaders = [
  {
    name: 'bindings',
    text: `Error: Could not locate the bindings file. Tried:
 → ${in_('better-sqlite3')}/build/better_sqlite3.node
 → ${in_('better-sqlite3')}/build/Debug/better_sqlite3.node
 → ${in_('better-sqlite3')}/build/Release/better_sqlite3.node
    at bindings (${in_('bindings')}/bindings.js:126:9)
    at new Database (${in_('better-sqlite3')}/lib/database.js:48:64)`,
    code: 'not-built',
    package: 'better-sqlite3',
    command: 'npm rebuild better-sqlite3',
  },
  {
    name: 'bindings, in a store of pnpm',
    text: `Error: Could not locate the bindings file. Tried:\n → /app/node_modules/.pnpm/better-sqlite3@11.8.1/node_modules/better-sqlite3/build/better_sqlite3.node`,
    code: 'not-built',
    package: 'better-sqlite3',
    command: 'pnpm approve-builds better-sqlite3',
  },
  {
    name: 'bindings, with its arrow turned into rubbish',
    text: `Error: Could not locate the bindings file. Tried:\n â†’ C:\\app\\node_modules\\better-sqlite3\\build\\better_sqlite3.node`,
    code: 'not-built',
    package: 'better-sqlite3',
    command: 'npm rebuild better-sqlite3',
  },
  {
    name: 'bindings, the first line only',
    text: 'Error: Could not locate the bindings file. Tried:',
    code: 'not-built',
  },
  {
    name: 'node-gyp-build',
    text: gypBuild('platform=linux arch=x64 runtime=node abi=127 uv=1 libc=glibc node=22.23.3'),
    code: 'no-matching-prebuild',
    package: 'bcrypt',
    command: 'npm rebuild bcrypt',
    summary: /Node\.js 22\.23\.3 on linux-x64/,
  },
  {
    name: 'node-gyp-build on musl',
    text: gypBuild(
      'platform=linux arch=arm64 runtime=node abi=115 uv=1 armv=8 libc=musl node=20.11.0',
    ),
    code: 'no-matching-prebuild',
    package: 'bcrypt',
    command: 'npm rebuild bcrypt',
    summary: /linux-arm64/,
    why: /musl/,
  },
  {
    name: 'node-gyp-build in Electron',
    text: gypBuild(
      'platform=darwin arch=arm64 runtime=electron abi=136 uv=1 armv=8 libc=glibc node=22.19.0 electron=37.3.1',
    ),
    code: 'no-matching-prebuild',
    package: 'bcrypt',
    fix: /for Electron 37$/,
    summary: /Electron 37\.3\.1/,
    command: 'npx @electron/rebuild -f -o bcrypt',
  },
  {
    name: 'node-gyp-build in a bundle',
    text: 'Error: No native build was found for platform=linux arch=x64 runtime=node abi=127 uv=1 libc=glibc node=22.23.3 webpack=true\n    loaded from: /app/dist',
    code: 'bundled',
  },
  {
    name: 'node-pre-gyp',
    text: `Error: Cannot find module '${in_('bcrypt')}/lib/binding/napi-v3/bcrypt_lib.node'\nRequire stack:\n- ${in_('bcrypt')}/bcrypt.js\n- /app/index.js${modules}`,
    code: 'not-built',
    package: 'bcrypt',
    command: 'npm rebuild bcrypt',
  },
  {
    name: 'a plain require',
    text: `Error: Cannot find module './build/Release/own'\nRequire stack:\n- ${in_('some-addon')}/index.js\n- /app/index.js${modules}`,
    code: 'not-built',
    package: 'some-addon',
    command: 'npm rebuild some-addon',
  },
  {
    name: 'a plain require on Windows',
    text: String.raw`Error: Cannot find module '../build/Release/canvas.node'
Require stack:
- C:\my app\node_modules\canvas\lib\bindings.js
- C:\my app\index.js`,
    code: 'not-built',
    package: 'canvas',
    command: 'npm rebuild canvas',
  },
  {
    name: 'napi-rs, without the root cause',
    text: `Error: Cannot find native binding. ${npmHasABug}\n    at Object.<anonymous> (${in_('@rspack/binding')}/binding.js:558:11)${modules}`,
    code: 'missing-platform-package',
    package: '@rspack/binding',
    certain: false,
    command: undefined,
  },
  {
    name: 'napi-rs, older',
    text: `Error: Failed to load native binding\n    at Object.<anonymous> (${in_('@swc/core')}/binding.js:333:11)${modules}`,
    code: 'missing-platform-package',
    package: '@swc/core',
    certain: false,
    command: undefined,
  },
  {
    name: 'napi-rs, with its true reason printed below it',
    text: `Error: Cannot find native binding. ${npmHasABug}
    at Object.<anonymous> (${in_('@tailwindcss/oxide')}/index.js:560:11) {
  [cause]: Error: Cannot find module './tailwindcss-oxide.linux-x64-gnu.node'
  Require stack:
  - ${in_('@tailwindcss/oxide')}/index.js${modules.replaceAll('\n', '\n  ')} {
    code: 'MODULE_NOT_FOUND',
    requireStack: [ '${in_('@tailwindcss/oxide')}/index.js' ],
    [cause]: Error: /lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.39' not found (required by ${in_('@tailwindcss/oxide-linux-x64-gnu')}/tailwindcss-oxide.linux-x64-gnu.node)${modules.replaceAll('\n', '\n    ')} {
      code: 'ERR_DLOPEN_FAILED'
    }
  }
}`,
    code: 'glibc-too-old',
    fix: /^Use a newer system or base image/,
    package: '@tailwindcss/oxide-linux-x64-gnu',
    file: `${in_('@tailwindcss/oxide-linux-x64-gnu')}/tailwindcss-oxide.linux-x64-gnu.node`,
  },
  {
    name: 'napi-rs, whose platform package is missing',
    text: `Error: Cannot find native binding. ${npmHasABug}
    at Object.<anonymous> (${in_('@tailwindcss/oxide')}/index.js:560:11) {
  [cause]: Error: Cannot find module '@tailwindcss/oxide-linux-x64-gnu'
  Require stack:
  - ${in_('@tailwindcss/oxide')}/index.js`,
    code: 'missing-platform-package',
    package: '@tailwindcss/oxide',
    command: 'npm install --include=optional --force',
    summary: /@tailwindcss\/oxide-linux-x64-gnu/,
  },
  {
    name: 'rollup',
    text: `Error: Cannot find module @rollup/rollup-linux-x64-gnu. ${npmHasABug}\n    at requireWithFriendlyError (${in_('rollup')}/dist/native.js:83:9)\n    at Object.<anonymous> (${in_('rollup')}/dist/native.js:92:76)`,
    code: 'missing-platform-package',
    package: 'rollup',
    command: 'npm install --include=optional --force',
    summary: /@rollup\/rollup-linux-x64-gnu/,
  },
  {
    name: 'lightningcss',
    text: `Error: Cannot find module '../lightningcss.linux-x64-gnu.node'\nRequire stack:\n- ${in_('lightningcss')}/node/index.js\n- ${in_('@tailwindcss/postcss')}/dist/index.js`,
    code: 'missing-platform-package',
    package: 'lightningcss',
    certain: false,
    command: 'npm install --include=optional --force',
  },
  {
    name: 'libsql',
    text: `Error: Cannot find module '@libsql/linux-x64-musl'\nRequire stack:\n- ${in_('libsql')}/index.js`,
    code: 'missing-platform-package',
    package: 'libsql',
    command: 'npm install --include=optional --force',
  },
  {
    name: 'pkg-prebuilds',
    text: `Error: Failed to find binding for snappy\nTried paths:\n - ${in_('snappy')}/build/Debug/snappy.node\n - ${in_('snappy')}/prebuilds/snappy-linux-x64/node-napi-v7.node`,
    code: 'no-matching-prebuild',
    package: 'snappy',
    command: 'npm rebuild snappy',
  },
  {
    name: 'sharp since 0.33',
    text: `Error: Could not load the "sharp" module using the linux-x64 runtime
Possible solutions:
- Ensure optional dependencies can be installed:
    npm install --include=optional sharp
- Add platform-specific dependencies:
    npm install --os=linux --cpu=x64 sharp
    at Object.<anonymous> (${in_('sharp')}/lib/sharp.js:121:9)`,
    code: 'missing-platform-package',
    package: 'sharp',
    certain: false,
    command: 'npm install --include=optional --force',
  },
  {
    name: 'sharp since 0.33, with the true reason',
    text: `Error: Could not load the "sharp" module using the linux-x64 runtime
ERR_DLOPEN_FAILED: libvips-cpp.so.8.17.2: cannot open shared object file: No such file or directory
Possible solutions:
- Ensure optional dependencies can be installed:
    npm install --include=optional sharp
    at Object.<anonymous> (${in_('sharp')}/lib/sharp.js:121:9)`,
    code: 'missing-library',
    package: 'sharp',
    command: undefined,
    summary: /libvips-cpp/,
  },
  {
    name: 'sharp before 0.33',
    text: `Error: \nSomething went wrong installing the "sharp" module\n\nCannot find module '../build/Release/sharp-linux-x64.node'\nRequire stack:\n- ${in_('sharp')}/lib/sharp.js\n\nPossible solutions:\n- Install with verbose logging and look for errors: "npm install --ignore-scripts=false --foreground-scripts --verbose sharp"`,
    code: 'not-built',
    package: 'sharp',
    command: 'npm rebuild sharp',
  },
  {
    name: 'esbuild for another system',
    text: `Error: \nYou installed esbuild for another platform than the one you're currently using.\nThis won't work because esbuild is written with native code and needs to\ninstall a platform-specific binary executable.\n\nSpecifically the "@esbuild/darwin-arm64" package is present but this platform\nneeds the "@esbuild/linux-x64" package instead. People often get into this\nsituation by installing esbuild on Windows or macOS and copying "node_modules"\ninto a Docker image that runs Linux`,
    code: 'missing-platform-package',
    package: 'esbuild',
    command: 'npm install --include=optional --force',
    summary: /@esbuild\/darwin-arm64 is installed, @esbuild\/linux-x64 is needed/,
  },
  {
    name: 'esbuild without its package',
    text: 'Error: The package "@esbuild/linux-x64" could not be found, and is needed by esbuild.\n\nIf you are installing esbuild with npm, make sure that you don\'t specify the\n"--no-optional" or "--omit=optional" flags.',
    code: 'missing-platform-package',
    package: 'esbuild',
    command: 'npm install --include=optional --force',
  },
  {
    name: 'Next.js',
    text: ' ⨯ Failed to load SWC binary for linux/x64, see more info here: https://nextjs.org/docs/messages/failed-loading-swc',
    code: 'missing-platform-package',
    package: 'next',
    certain: false,
    command: undefined,
  },
  {
    name: 'Next.js, with the root cause printed above it',
    text: ` ⚠ Attempted to load @next/swc-linux-x64-gnu, but an error occurred: /lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.29' not found (required by ${in_('@next/swc-linux-x64-gnu')}/next-swc.linux-x64-gnu.node)\n ⚠ Attempted to load @next/swc-linux-x64-musl, but it was not installed\n ⨯ Failed to load SWC binary for linux/x64, see more info here: https://nextjs.org/docs/messages/failed-loading-swc`,
    code: 'glibc-too-old',
    fix: /^Use a newer system or base image/,
    package: '@next/swc-linux-x64-gnu',
    file: `${in_('@next/swc-linux-x64-gnu')}/next-swc.linux-x64-gnu.node`,
  },
  {
    name: '@parcel/watcher',
    text: "Error: No prebuild or local build of @parcel/watcher found. Tried @parcel/watcher-linux-x64-glibc. Please ensure it is installed (don't use --no-optional when installing with npm). Otherwise it is possible we don't support your platform yet.",
    code: 'missing-platform-package',
    package: '@parcel/watcher',
    command: 'npm install --include=optional --force',
  },
]

const bundlers = [
  {
    name: 'esbuild',
    text: '✘ [ERROR] No loader is configured for ".node" files: node_modules/bcrypt/prebuilds/linux-x64/bcrypt.glibc.node\n\n    node_modules/bcrypt/bcrypt.js:2:23:\n      2 │ var bindings = require("./bcrypt.node")',
    code: 'bundled',
    package: 'bcrypt',
    file: 'node_modules/bcrypt/prebuilds/linux-x64/bcrypt.glibc.node',
  },
  {
    name: "Vite's plug-in for esbuild",
    text: 'Error: Build failed with 1 error:\nnode_modules/fsevents/lib/../fsevents.node: ERROR: No loader is configured for ".node" files: node_modules/fsevents/fsevents.node',
    code: 'bundled',
    package: 'fsevents',
    file: 'node_modules/fsevents/fsevents.node',
  },
  ...['\u007f', '\ufffd', ''].map((byte) => ({
    name: `webpack and a first byte shown as ${JSON.stringify(byte)}`,
    text: `ERROR in ./node_modules/bcrypt/lib/binding/napi-v3/bcrypt_lib.node 1:0\nModule parse failed: Unexpected character '${byte}' (1:0)\nYou may need an appropriate loader to handle this file type, currently no loaders are configured to process this file. See https://webpack.js.org/concepts#loaders\n(Source code omitted for this binary file)\n @ ./node_modules/bcrypt/bcrypt.js 6:15-36`,
    code: 'bundled',
    package: 'bcrypt',
    file: './node_modules/bcrypt/lib/binding/napi-v3/bcrypt_lib.node',
  })),
  {
    name: 'webpack and a file for Windows',
    text: "ERROR in ./node_modules/bcrypt/prebuilds/win32-x64/bcrypt.node 1:2\nModule parse failed: Unexpected character '\ufffd' (1:2)\nYou may need an appropriate loader to handle this file type, currently no loaders are configured to process this file.",
    code: 'bundled',
    package: 'bcrypt',
    file: './node_modules/bcrypt/prebuilds/win32-x64/bcrypt.node',
  },
  {
    name: 'Next.js with webpack',
    text: "Failed to compile.\n\n./node_modules/@node-rs/argon2-linux-x64-gnu/argon2.linux-x64-gnu.node\nModule parse failed: Unexpected character '\ufffd' (1:0)\nYou may need an appropriate loader to handle this file type, currently no loaders are configured to process this file. See https://webpack.js.org/concepts#loaders\n\nImport trace for requested module:",
    code: 'bundled',
    package: '@node-rs/argon2-linux-x64-gnu',
    file: './node_modules/@node-rs/argon2-linux-x64-gnu/argon2.linux-x64-gnu.node',
  },
  {
    name: 'Next.js with Turbopack',
    text: "./node_modules/@node-rs/argon2-linux-x64-gnu/argon2.linux-x64-gnu.node\nError: non-ecmascript placeable asset\nasset is not placeable in ESM chunks, so it doesn't have a module id",
    code: 'bundled',
    package: '@node-rs/argon2-linux-x64-gnu',
    file: './node_modules/@node-rs/argon2-linux-x64-gnu/argon2.linux-x64-gnu.node',
  },
  {
    name: 'an older rollup',
    text: "[commonjs--resolver] Unexpected character '\ufffd' (Note that you need plugins to import files that are not JavaScript)\n\nloc: {\n    column: 0,\n    file: '/app/node_modules/fsevents/fsevents.node',\n    line: 1\n  },",
    code: 'bundled',
    package: 'fsevents',
    file: '/app/node_modules/fsevents/fsevents.node',
  },
  {
    name: 'rollup',
    text: "[!] RollupError: node_modules/fsevents/fsevents.node (1:0): Unexpected character '\u007f' (Note that you need plugins to import files that are not JavaScript)\nnode_modules/fsevents/fsevents.node (1:0)",
    code: 'bundled',
    package: 'fsevents',
    file: 'node_modules/fsevents/fsevents.node',
  },
]

export default [...loaders, ...bundlers]
