// Errors as people pasted them in public threads, which the other files have no text for. Personal
// details are replaced.

const path = String.raw
const any = { command: undefined }

const build = [
  {
    name: 'node-gyp without the headers of Node.js',
    text: 'gyp: /app/node_modules/node-expat/true/common.gypi not found (cwd: /app/node_modules/node-expat) while reading includes of binding.gyp while trying to load binding.gyp\ngyp ERR! configure error',
    code: 'toolchain',
    package: 'node-expat',
    fix: /nodedir/,
  },
  {
    name: 'a file that binding.gyp includes',
    text: 'gyp: /app/node_modules/zmq/deps/zmq.gypi not found (cwd: /app/node_modules/zmq) while reading includes of binding.gyp while trying to load binding.gyp',
    code: 'build-failed',
    package: 'zmq',
    fix: /submodule/,
  },
  {
    name: 'an error of node-gyp itself',
    text: "gyp info using node-gyp@7.1.2\ngyp ERR! UNCAUGHT EXCEPTION\ngyp ERR! stack TypeError: Cannot assign to read only property 'cflags' of object '#<Object>'\ngyp ERR! stack     at createConfigFile (/app/node_modules/node-gyp/lib/configure.js:117:21)\ngyp ERR! cwd /app/node_modules/lzma-native",
    code: 'toolchain',
    package: 'lzma-native',
    certain: false,
    why: /'cflags'/,
    fix: /newer node-gyp/,
  },
  {
    name: 'node-gyp stops before it compiles, for an unknown reason',
    text: 'gyp ERR! configure error \ngyp ERR! stack Error: EACCES: permission denied, mkdir /home/ci/.cache/node-gyp\ngyp ERR! cwd /app/node_modules/usb',
    code: 'build-failed',
    package: 'usb',
    certain: false,
    why: /EACCES/,
    fix: /doctor/,
  },
  {
    name: 'node-gyp stops, and nothing says why',
    text: 'gyp ERR! configure error',
    code: 'build-failed',
    certain: false,
    fix: /lines above/,
  },
  {
    name: 'a log of npm 3',
    text: '667 info lifecycle tree-sitter@0.4.6~install: Failed to exec install script\n674 verbose stack Error: tree-sitter@0.4.6 install: `node-gyp rebuild`\n674 verbose stack Exit status 1',
    code: 'build-failed',
    package: 'tree-sitter',
    certain: false,
  },
  {
    name: 'the package in the heading above two commands',
    text: '> sqlite3@5.1.7 install\n> prebuild-install -r napi || node-gyp rebuild\n\nprebuild-install warn install No prebuilt binaries found (target=6 runtime=napi arch=arm64 libc= platform=android)',
    code: 'no-matching-prebuild',
    package: 'sqlite3',
    certain: false,
  },
  {
    name: 'node.lib can’t be opened',
    text: path`LINK : fatal error LNK1104: cannot open file 'C:\Users\me\.node-gyp\10.17.0\x64\node.lib' [C:\app\node_modules\native-keymap\build\keymapping.vcxproj]`,
    code: 'toolchain',
    package: 'native-keymap',
    summary: /node\.lib is missing/,
  },
  {
    name: 'node.lib can’t be opened, in German',
    text: path`LINK : fatal error LNK1181: Eingabedatei "C:\Users\me\AppData\Local\node-gyp\Cache\20.1.0\x64\node.lib" kann nicht geöffnet werden. [C:\app\node_modules\usb\build\usb.vcxproj]`,
    code: 'toolchain',
    package: 'usb',
    summary: /node\.lib is missing/,
  },
  {
    name: 'node.lib is damaged, in Chinese',
    text: path`C:\Users\me\.node-gyp\6.9.4\x64\node.lib : fatal error LNK1106: 文件无效或磁盘已满:  无法查找到 0x645B0 [G:\app\node_modules\buffertools\build\buffertools.vcxproj]`,
    code: 'toolchain',
    package: 'buffertools',
    summary: /node\.lib is damaged/,
  },
  {
    name: 'a library of Windows, in French',
    text: path`LINK : fatal error LNK1181: impossible d'ouvrir le fichier en entrée 'MSCOREE.lib' [C:\app\node_modules\edge\build\edge_nativeclr.vcxproj]`,
    code: 'library-headers-missing',
    package: 'edge',
    summary: /MSCOREE\.lib/,
  },
  {
    name: 'the linker can’t replace the addon, in Russian',
    text: path`LINK : fatal error LNK1104: не удается открыть файл "C:\app\node_modules\tiny-addon\build\Release\tiny.node" [C:\app\node_modules\tiny-addon\build\tiny.vcxproj]`,
    code: 'file-in-use',
    package: 'tiny-addon',
    file: path`C:\app\node_modules\tiny-addon\build\Release\tiny.node`,
  },
  {
    name: 'functions of V8 that the linker doesn’t find',
    text: path`neon.obj : error LNK2019: unresolved external symbol "class v8::BackingStore" (__imp_?GetBackingStore@ArrayBuffer@v8@@QAE) [C:\app\node_modules\neon-hello\build\neon.vcxproj]
C:\app\node_modules\neon-hello\build\Release\neon.node : fatal error LNK1120: 1 unresolved externals [C:\app\node_modules\neon-hello\build\neon.vcxproj]`,
    code: 'source-too-old',
    package: 'neon-hello',
    certain: false,
  },
  {
    name: 'a function of V8 that Visual Studio doesn’t know, in German',
    text: path`C:\app\node_modules\nan\nan.h(2560,8): error C2039: "SetAccessor" ist kein Member von "v8::ObjectTemplate" [C:\app\node_modules\edge\build\edge.vcxproj]`,
    code: 'source-too-old',
    package: 'edge',
    certain: false,
  },
  {
    name: 'a compiler that can’t read the headers',
    text: "/home/me/.electron-gyp/35.1.4/include/node/v8-object.h:913:9: error: no matching function for call to 'ReadExternalPointerField'\ngyp ERR! cwd /app/node_modules/better-sqlite3",
    code: 'toolchain',
    package: 'better-sqlite3',
    certain: false,
    summary: /headers of the runtime/,
  },
  {
    name: 'MSBuild without C++',
    text: path`C:\app\node_modules\msnodesql\build\sqlserver.vcxproj(20,3): error MSB4019: The imported project "C:\Microsoft.Cpp.Default.props" was not found.`,
    code: 'toolchain',
    package: 'msnodesql',
    fix: /Desktop development/,
  },
  {
    name: 'a compiler without its DLL, in Spanish',
    text: path`C:\Program Files\MSBuild\Microsoft.CppCommon.targets(356,5): error MSB6006: "CL.exe" salió con el código -1073741515. [C:\app\node_modules\buffertools\build\buffertools.vcxproj]`,
    code: 'toolchain',
    package: 'buffertools',
    summary: /CL\.exe of Visual Studio can't start/,
  },
]

const bundlers = [
  {
    name: 'Bun and a file of node-gyp',
    text: 'error: Failed backend bun build :\nResolveMessage: Could not resolve: "../build/Release/krb5"',
    certain: false,
    fix: /external/,
  },
  {
    name: 'esbuild and a computed name',
    text: 'X [ERROR] Could not resolve require("../src/build/Release/sharp-*-*.node")\n\n    node_modules/.pnpm/sharp@0.35.4/node_modules/sharp/dist/sharp.cjs:25:18:',
    package: 'sharp',
    fix: /external/,
  },
  {
    name: 'a require in a bundle that is an ES module',
    text: 'Uncaught Error: Could not load the "sharp" module using the linuxnull-x64 runtime\n\n  undefined: Dynamic require of "../src/build/Release/sharp-linuxnull-x64.node" is not supported',
    package: 'sharp',
    fix: /Cloudflare/,
  },
  {
    name: 'Turbopack and an addon',
    text: ' ⨯ Error: could not resolve "../build/Release/canvas.node" into a module\n    at a (/app/node_modules/canvas/lib/bindings.js:3:18)',
    package: 'canvas',
    fix: /serverExternalPackages/,
  },
  {
    name: 'an older Bun',
    text: 'bun build --target=node ./x.ts\nerror: TODO: implement .node loader for Node.js target',
    fix: /--target=bun/,
  },
  {
    name: 'Rollup, without the rest of its sentence',
    text: "/app/node_modules/@node-rs/argon2-darwin-arm64/argon2.darwin-arm64.node\nerror during build:\nRollupError: Unexpected character '\ufffd'",
    package: '@node-rs/argon2-darwin-arm64',
    file: '/app/node_modules/@node-rs/argon2-darwin-arm64/argon2.darwin-arm64.node',
    fix: /external/,
  },
  {
    name: 'a single executable application',
    text: path`Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: D:\app\node_modules\hello\build\hello.node`,
    package: 'hello',
    fix: /process\.dlopen/,
  },
  {
    name: 'pkg, without a stack',
    text: "Error: Cannot find module '../build/Release/zmq.node'\n1) If you want to compile the package/file into executable, please pay attention to compilation warnings",
    fix: /pkg\.assets/,
  },
].map((row) => ({ code: 'bundled', ...row }))

const teams = (reason) =>
  `Uncaught Exception:\nError: dlopen(/var/folders/ns/T/.com.electron.write.7oJreN, 0x0001): tried: '/var/folders/ns/T/.com.electron.write.7oJreN' (code signature in <E490A615-E132-35C0-AFD2-1B55963F0668> '/private/var/folders/ns/T/.com.electron.write.7oJreN' ${reason})`
const unpacked = { file: '/var/folders/ns/T/.com.electron.write.7oJreN' }

const loaders = [
  {
    name: 'an addon without a team, in a signed app',
    text: teams(
      'not valid for use in process: mapped file has no Team ID and is not a platform binary (signed with custom identity or adhoc?)',
    ),
    code: 'library-validation',
    ...unpacked,
    fix: /asarUnpack/,
  },
  {
    name: 'a policy of macOS, old wording',
    text: teams(
      'not valid for use in process using Library Validation: Library load disallowed by System Policy',
    ),
    code: 'blocked-by-policy',
    ...unpacked,
  },
  {
    name: 'a function that is missing, on SmartOS',
    text: 'ld.so.1: node: fatal: relocation error: file /app/node_modules/fibers/bin/solaris-x64/fibers.node: symbol _ZNK2v85Value11IsUndefinedEv: referenced symbol not found',
    code: 'missing-symbol',
    package: 'fibers',
    file: '/app/node_modules/fibers/bin/solaris-x64/fibers.node',
    ...any,
  },
  {
    name: 'a library that is missing, on illumos',
    text: 'ld.so.1: node: fatal: libvips.so.42: open failed: No such file or directory\n    at Object.<anonymous> (/app/node_modules/sharp/lib/sharp.js:3:18)',
    code: 'missing-library',
    package: 'sharp',
    summary: /libvips\.so\.42/,
    ...any,
  },
  {
    name: 'a relative path',
    text: 'node_modules/mmmagic/build/Release/magic.node: failed to map segment from shared object: Operation not permitted',
    code: 'noexec',
    package: 'mmmagic',
    file: 'node_modules/mmmagic/build/Release/magic.node',
  },
  {
    name: 'an object that is collected too late',
    text: 'node[339]: void node::RemoveEnvironmentCleanupHook(v8::Isolate*, CleanupHook, void*) at ../src/api/hooks.cc:142\nAssertion failed: (env) != nullptr\n 2: node::RemoveEnvironmentCleanupHook(...)\n 3: 0x7f0 [/app/node_modules/@datadog/pprof/build/Release/dd_pprof.node]',
    code: 'object-wrap-hooks',
    package: '@datadog/pprof',
    file: '/app/node_modules/@datadog/pprof/build/Release/dd_pprof.node',
    fix: /24\.22/,
  },
  {
    name: 'the assertion only',
    text: 'Assertion failed: (env) != nullptr\n 1: 0x1 node::Abort() [node]',
    code: 'object-wrap-hooks',
    certain: false,
    fix: /24\.22/,
  },
]

const windows = [
  {
    name: 'a file without its folder',
    text: 'Error: node_sqlite3.node is not a valid Win32 application.',
    code: 'wrong-arch',
    file: 'node_sqlite3.node',
    certain: false,
  },
  {
    name: 'a policy, and a loader that hides the file',
    text: path`Error: Cannot find native binding. npm has a bug related to optional dependencies
    at Object.<anonymous> (C:\app\node_modules\satteri\index.js:544:11)
  [cause]: Error: An Application Control policy has blocked this file.
    code: 'ERR_DLOPEN_FAILED'
    at load (C:\app\node_modules\satteri\index.js:500:11)`,
    code: 'blocked-by-policy',
    package: 'satteri',
  },
  {
    name: 'Windows in German, in an old Node.js',
    text: path`Error: Das angegebene Modul wurde nicht gefunden.
C:\app\node_modules\sqlite3\lib\node_sqlite3.node
    at Module.load (module.js:356:32)`,
    code: 'missing-library',
    package: 'sqlite3',
    file: path`C:\app\node_modules\sqlite3\lib\node_sqlite3.node`,
    certain: false,
    fix: /Redistributable/,
  },
  {
    name: 'Windows in Spanish, and a file for another processor',
    text: path`Error: %1 no es una aplicación Win32 válida.
C:\app\node_modules\sqlite3\lib\node_sqlite3.node
    at Module.load (module.js:356:32)`,
    code: 'wrong-arch',
    package: 'sqlite3',
    file: path`C:\app\node_modules\sqlite3\lib\node_sqlite3.node`,
    certain: false,
    command: 'npm rebuild sqlite3',
  },
  {
    name: 'Windows in Chinese, in the letters of a console',
    text: path`Error: ╧╡═│╒╥▓╗╡╜╓╕╢¿╡──ú┐Θíú
D:\app\node_modules\sqlite3\lib\node_sqlite3.node
    at Object.Module._extensions..node (module.js:598:18)`,
    code: 'missing-library',
    package: 'sqlite3',
    file: path`D:\app\node_modules\sqlite3\lib\node_sqlite3.node`,
    certain: false,
  },
  {
    name: 'Bun, in Portuguese',
    text: 'error: Cannot find native binding.\n\nerror: LoadLibrary failed: Não foi possível encontrar o procedimento especificado.\n\ncode: "ERR_DLOPEN_FAILED"\n\nat requireNative (\n  node_modules/@gpuix/native/index.js\n)',
    code: 'missing-library',
    package: '@gpuix/native',
    certain: false,
    fix: /Redistributable/,
  },
]

const packages = [
  {
    name: 'a package of Deno’s cache',
    text: 'error: Uncaught (in promise) Error: Could not locate the bindings file. Tried:\n → /home/me/.cache/deno/npm/registry.example/better-sqlite3/11.3.0/build/better_sqlite3.node',
    code: 'not-built',
    package: 'better-sqlite3',
    fix: /nodeModulesDir.*npm:better-sqlite3/,
  },
  {
    name: 'Deno’s cache, and a search in the wrong folder',
    text: 'error: Uncaught (in promise) Error: Could not locate the bindings file. Tried:\n → /home/me/.cache/deno/npm/registry.example/bindings/1.5.0/build/better_sqlite3.node',
    code: 'not-built',
    fix: /nodeModulesDir/,
  },
  {
    name: 'a file of Deno’s cache on Windows',
    text: path`error: Uncaught Error: Cannot find module 'C:\Users\me\AppData\Local\deno\npm\registry.example\duckdb\1.0.0\lib\binding\duckdb.node'`,
    code: 'not-built',
    package: 'duckdb',
    fix: /npm:duckdb/,
  },
  {
    name: 'an old sharp in one line',
    text: `Something went wrong installing the "sharp" moduleCannot find module '../build/Release/sharp.node'- Remove the "node_modules/sharp" directory`,
    code: 'not-built',
    package: 'sharp',
    ...any,
  },
  {
    name: 'a loader that names the system',
    text: 'Failed to load native module for linux-x64.\nTried: ../rust/wreq-js.linux-x64-gnu.node and ../rust/wreq-js.node\n    at load (/app/node_modules/wreq-js/dist/index.js:3:11)',
    code: 'no-matching-prebuild',
    package: 'wreq-js',
    certain: false,
    ...any,
  },
  {
    name: 'Prisma without OpenSSL',
    text: 'PrismaClientInitializationError: Prisma cannot find the required `libssl` system library in your system. Please install openssl-3.0.x and try again.',
    code: 'missing-library',
    package: '@prisma/client',
    fix: /apk add openssl/,
  },
  {
    name: 'npm 3, and a package for another system',
    text: 'npm ERR! code EBADPLATFORM\n\nnpm ERR! notsup Not compatible with your operating system or architecture: fsevents@1.0.14\nnpm ERR! notsup Valid OS:    darwin\nnpm ERR! notsup Valid Arch:  any\nnpm ERR! notsup Actual OS:   linux',
    code: 'wrong-platform',
    package: 'fsevents',
    summary: /for darwin, but is installed on linux/,
  },
  {
    name: 'npm, and a package for another system, cut off',
    text: 'npm ERR! notsup Unsupported platform for fsevents@2.0.0: wanted {"os": "darwin", "arch": "any"} (current: {"os": "linux", "arch": "x64"',
    code: 'wrong-platform',
    package: 'fsevents',
    summary: /for darwin, but is installed on linux/,
  },
]

export default [...build, ...bundlers, ...loaders, ...windows, ...packages]
