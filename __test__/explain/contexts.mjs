// Errors whose fix depends on the runtime environment: Electron, a bundle, a packed executable, a
// worker, a function, a package manager with its own folders; and packages with their own error
// texts.

const file = '/app/node_modules/addon/build/Release/addon.node'
const onWindows = 'C:\\app\\node_modules\\addon\\build\\Release\\addon.node'
const of = { package: 'addon', file }
const inElectron = '\n    at process.func [as dlopen] (node:electron/js2c/node_init:2:2617)'
const rebuild = 'npx @electron/rebuild -f -o addon'

const electron = [
  {
    text: `Error: Module did not self-register: '${file}'.${inElectron}`,
    code: 'self-register-mismatch',
    ...of,
    certain: false,
    command: rebuild,
    fix: /for Electron/,
  },
  {
    text: `Error: ${file}: invalid ELF header${inElectron}`,
    code: 'not-a-binary',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    text: `Error: Cannot find module '../build/Release/addon.node'\nRequire stack:\n- /app/node_modules/addon/index.js\n- /app/node_modules/electron/dist/resources/default_app.asar/main.js${inElectron}`,
    code: 'not-built',
    package: 'addon',
    command: rebuild,
  },
  {
    name: 'gRPC in Electron',
    text: "Failed to load gRPC binary module because it was not installed for the current system\nExpected directory: electron-v9.2-linux-arm64-glibc\nFound: [node-v72-linux-arm64-glibc]\nOriginal error: Cannot find module '/x/node_modules/grpc/src/node/extension_binary/electron-v9.2-linux-arm64-glibc/grpc_node.node'",
    code: 'not-built',
    package: 'grpc',
    command: 'npx @electron/rebuild -f -o grpc',
    summary: /Electron 9/,
  },
]

const stack = (where) =>
  `\nRequire stack:\n- ${where}/node_modules/onnxruntime-node/dist/binding.js`
const missing = "Error: Cannot find module '../bin/napi-v3/linux/x64/onnxruntime_binding.node'"
const bundled = { code: 'bundled', fix: /external/ }
const packed = { code: 'bundled', fix: /assets/ }

const bundles = [
  {
    text: `${missing}\n    at ./node_modules/onnxruntime-node/dist/binding.js (/app/.webpack/main/index.js:229:1)`,
    package: 'onnxruntime-node',
    ...bundled,
  },
  {
    text: 'Error: No native build was found for platform=win32 arch=x64 runtime=electron abi=73 uv=1 libc=glibc\n    at Function.load.path (webpack:///./node_modules/node-gyp-build/index.js?:56:9)\n    at eval (webpack:///./node_modules/ref-napi/lib/ref.js?:8:111)',
    package: 'ref-napi',
    ...bundled,
  },
  {
    text: 'Error: Could not dynamically require "../bin/darwin/arm64/x.node". Please configure the dynamicRequireTargets or/and ignoreDynamicRequires option',
    ...bundled,
  },
  {
    text: '⨯ ./node_modules/@mapbox/node-pre-gyp/lib/util/nw-pre-gyp/index.html\nModule parse failed: Unexpected token (1:0)\n\nImport trace for requested module:\n./node_modules/@mapbox/node-pre-gyp/lib/node-pre-gyp.js\n./node_modules/duckdb/lib/duckdb.js',
    package: 'duckdb',
    ...bundled,
  },
  {
    text: "./node_modules/@libsql/linux-x64-gnu/README.md\nModule parse failed: Unexpected character ' ' (1:1)\n\nImport trace for requested module:\n./node_modules/libsql/index.js",
    package: 'libsql',
    ...bundled,
  },
  {
    text: './node_modules/@esbuild/linux-x64/bin/esbuild\nReading source code for parsing failed\n\nImport trace:\n  ./node_modules/esbuild/lib/main.js',
    package: 'esbuild',
    code: 'bundled',
    fix: /serverExternalPackages/,
  },
  {
    text: 'X [ERROR] Could not resolve "../build/Release/cpufeatures.node"\n\n    node_modules/cpu-features/lib/index.js:3:24:\n      3 │ const binding = require(\'../build/Release/cpufeatures.node\');',
    package: 'cpu-features',
    ...bundled,
  },
  {
    text: "Module not found: Error: Can't resolve 'mock-aws-s3' in '/app/node_modules/@mapbox/node-pre-gyp/lib/util'\n\nImport trace for requested module:\n./node_modules/@mapbox/node-pre-gyp/lib/node-pre-gyp.js\n./node_modules/bcrypt/bcrypt.js",
    package: 'bcrypt',
    ...bundled,
  },
  { text: missing + stack('/snapshot/cli'), package: 'onnxruntime-node', ...packed },
  {
    text: "Error: File '/**/Backend/node_modules/usocket/build/Release/usocket.node' was not included into executable at compilation stage. Please recompile adding it as asset or script.",
    package: 'usocket',
    ...packed,
  },
]

const places = [
  {
    text: `Error: Module did not self-register: '${file}'.\n    at Object.<anonymous> (/app/node_modules/addon/index.js:3:18)\n    at /app/node_modules/tinypool/dist/esm/worker.js:88:10`,
    code: 'not-context-aware',
    ...of,
    certain: false,
    fix: /pool: 'forks'/,
  },
  {
    text: '/var/task/node_modules/sharp/build/Release/sharp.node: invalid ELF header',
    code: 'not-a-binary',
    package: 'sharp',
    file: '/var/task/node_modules/sharp/build/Release/sharp.node',
    certain: false,
    fix: /system of the function/,
  },
  {
    text: "Error: Cannot find module '@duckdb/node-bindings-linux-x64/duckdb.node'\nRequire stack:\n- /var/task/node_modules/@duckdb/node-bindings/duckdb.js",
    code: 'missing-platform-package',
    package: '@duckdb/node-bindings',
    fix: /system of the function/,
  },
  {
    name: 'a folder of Yarn',
    text: 'Error: Could not locate the bindings file. Tried:\n → /app/.yarn/unplugged/a-npm-1.0.0-abc/node_modules/a/build/a.node',
    code: 'not-built',
    package: 'a',
    command: 'npm pkg set --json dependenciesMeta[a].built=true',
  },
  {
    name: 'a folder of Bun',
    text: 'Error: Could not locate the bindings file. Tried:\n → /app/node_modules/.bun/a@1.0.0/node_modules/a/build/a.node',
    code: 'not-built',
    package: 'a',
    command: 'bun pm trust a',
  },
  {
    name: 'a folder of Deno',
    text: 'Error: Could not locate the bindings file. Tried:\n → /app/node_modules/.deno/a@1.0.0/node_modules/a/build/a.node',
    code: 'not-built',
    package: 'a',
    command: 'deno install --allow-scripts=npm:a',
  },
]

const notValid = {
  code: 'wrong-arch',
  package: 'addon',
  file: onWindows,
  certain: false,
  command: undefined,
}
const notFound = {
  code: 'missing-library',
  package: 'addon',
  file: onWindows,
  certain: false,
  fix: /Visual C\+\+/,
}
const windows = [
  ...[
    `Error: \\\\?\\${onWindows} não é um aplicativo Win32 válido.`,
    `Error: \\\\?\\${onWindows} 不是有效的 Win32 应用程序。`,
    'Error: %1 ist keine zulässige Win32-Anwendung.',
  ].map((text) => ({ text: `${text}\n\\\\?\\${onWindows}`, ...notValid })),
  ...[
    'Error: Das angegebene Modul wurde nicht gefunden.',
    'Error: 找不到指定的模块。',
    'Error: Le module spécifié est introuvable.',
  ].map((text) => ({ text: `${text}\n\\\\?\\${onWindows}`, ...notFound })),
]

const own = [
  {
    text: 'Prisma Client could not locate the Query Engine for runtime "rhel-openssl-1.0.x".\n\nThis happened because Prisma Client was generated for "rhel-openssl-3.0.x", but the actual deployment required "rhel-openssl-1.0.x".',
    code: 'no-matching-prebuild',
    package: '@prisma/client',
    command: 'npx prisma generate',
    fix: /"rhel-openssl-1\.0\.x" to binaryTargets/,
  },
  {
    text: 'Node Sass could not find a binding for your current environment: Linux 64-bit with Node.js 12.x\n\nFound bindings for the following environments:\n  - Linux 64-bit with Node.js 10.x\n',
    code: 'abi-mismatch',
    package: 'node-sass',
    builtFor: 'Node.js 10',
    runsOn: 'Node.js 12',
    command: 'npm rebuild node-sass',
  },
  {
    text: 'Node Sass could not find a binding for your current environment: Linux 64-bit with Node.js 12.x\n\nFound bindings for the following environments:\n  - OS X 64-bit with Node.js 12.x\n',
    code: 'wrong-platform',
    package: 'node-sass',
    command: 'npm rebuild node-sass',
    summary: /OS X 64-bit, but Linux/,
  },
  {
    text: 'Node Sass does not yet support your current environment: Windows 64-bit with Unsupported runtime (88)',
    code: 'no-matching-prebuild',
    package: 'node-sass',
    fix: /sass/,
  },
  {
    text: "Error: This version of uWS.js supports only Node.js 14, 16 and 18 on (glibc) Linux, macOS and Windows, on Tier 1 platforms.\n\nError: Cannot find module './uws_linux_x64_102.node'\nRequire stack:\n- /app/node_modules/uWebSockets.js/uws.js",
    code: 'no-matching-prebuild',
    package: 'uWebSockets.js',
    summary: /Node\.js 17/,
    fix: /it can't be compiled/,
  },
  {
    text: 'Error: `/app/node_modules/fibers/bin/linux-x64-57/fibers.node` is missing. Try reinstalling `node-fibers`?',
    code: 'not-built',
    package: 'fibers',
    command: 'npm rebuild fibers',
  },
  {
    text: 'Error: DPI-1047: Cannot locate a 64-bit Oracle Client library: "/x/libclntsh.so: file too short". See https://oracle.github.io for help',
    code: 'missing-library',
    package: 'oracledb',
    fix: /Instant Client/,
  },
  {
    text: 'Error: Your current platform "linux" and architecture "arm" combination is not yet supported by the native Rollup build. Please use the WASM build "@rollup/wasm-node" instead.',
    code: 'no-matching-prebuild',
    package: 'rollup',
    fix: /@rollup\/wasm-node/,
  },
  {
    text: 'Error: Failed to load module @rollup/rollup-win32-x64-msvc. Required DLL was not found. This error usually happens when Microsoft Visual C++ Redistributable is not installed.',
    code: 'missing-library',
    package: '@rollup/rollup-win32-x64-msvc',
    fix: /Visual C\+\+/,
  },
  {
    text: 'Error: Bindings not found.\n    at Compiler.<anonymous> (C:\\app\\node_modules\\@swc\\core\\index.js:225:19)',
    code: 'missing-platform-package',
    package: '@swc/core',
    certain: false,
    fix: /optional dependencies/,
  },
  {
    text: "Error: Cannot find module '@swc/core-darwin-universal'\n  Error: Cannot find module '@swc/core-darwin-arm64'",
    code: 'missing-platform-package',
    package: '@swc/core-darwin-arm64',
    command: undefined,
    summary: /darwin-arm64/,
  },
  {
    text: "Error: Cannot find module '@rolldown/binding-linux-loong64-gnu'",
    code: 'missing-platform-package',
    package: '@rolldown/binding-linux-loong64-gnu',
    certain: false,
    command: 'npm view @rolldown/binding-linux-loong64-gnu',
    summary: /perhaps it was never published/,
  },
  {
    text: 'Error loading shared library libvips-cpp.so.42: No such file or directory (needed by /app/node_modules/@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node)',
    code: 'missing-platform-package',
    package: '@img/sharp-linuxmusl-x64',
    file: '/app/node_modules/@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node',
    command: undefined,
    summary: /@img\/sharp-libvips-linuxmusl-x64/,
  },
  {
    text: 'TypeError: To load Node-API modules, use require() or process.dlopen instead of import.',
    code: 'esm-import',
    fix: /require/,
  },
  {
    text: 'napi-sys-2.3.0\\src\\functions.rs:7:3:\nMust load N-API bindings',
    code: 'missing-symbol',
    certain: false,
    summary: /Node-API/,
    fix: /nodejs\.org/,
  },
  {
    text: `Error: ${file}: Undefined symbol "_ZN2v811HandleScopeC1Ev"`,
    code: 'missing-symbol',
    ...of,
    command: undefined,
    summary: /HandleScope/,
  },
]

const fragments = [
  ['invalid ELF header', 'not-a-binary'],
  ["'GLIBC_2.38' not found", 'glibc-too-old'],
  ['GLIBCXX_3.4.29 not found', 'libstdcxx-too-old'],
  ['Module did not self-register', 'self-register-mismatch'],
].map(([text, code]) => ({ text, code, certain: false }))

export { fragments }
export default [...electron, ...bundles, ...places, ...windows, ...own]
