// Texts that are not about an addon: the only correct result is null. They have the same form as
// real logs.

const stack = (first) =>
  `${first}\n    at Object.<anonymous> (/app/index.js:3:9)\n    at Module._compile (node:internal/modules/cjs/loader:1554:14)\n    at node:internal/main/run_main_module:36:49\n\nNode.js v22.23.3`

const errors = {
  'a TypeError': stack("TypeError: Cannot read properties of undefined (reading 'map')"),
  'a ReferenceError': stack('ReferenceError: fetch is not defined'),
  'a SyntaxError': stack(
    '/app/index.js:1\nimport x from "y"\n^^^^^^\n\nSyntaxError: Cannot use import statement outside a module',
  ),
  'a module of the project that is missing': stack(
    "Error: Cannot find module './foo'\nRequire stack:\n- /app/index.js",
  ),
  'a package that is missing': stack(
    "Error: Cannot find module 'express'\nRequire stack:\n- /app/index.js",
  ),
  'a package that is missing, in ESM': stack(
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'zod' imported from /app/index.js",
  ),
  'a package about systems that is missing': stack(
    "Error: Cannot find module 'is-linux'\nRequire stack:\n- /app/index.js",
  ),
  'a file of a build folder that is missing': stack(
    "Error: Cannot find module '/app/build/index.js'\nRequire stack:\n- /app/server.js",
  ),
  'a file whose name has "node" in it': stack("Error: Cannot find module './tree.node.js'"),
  'an unknown extension': stack(
    'TypeError [ERR_UNKNOWN_FILE_EXTENSION]: Unknown file extension ".ts" for /app/index.ts',
  ),
  'a file that is not there': stack(
    "Error: ENOENT: no such file or directory, open '/app/config.json'",
  ),
  'a refused connection': stack('Error: connect ECONNREFUSED 127.0.0.1:5432'),
  'an address in use': stack('Error: listen EADDRINUSE: address already in use :::3000'),
  'a rejected promise':
    '[UnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block]',
  'a failed assertion': stack(
    'AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n1 !== 2\n',
  ),
  'memory that ran out':
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n 1: 0xe13fde node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]',
  'a segmentation fault': 'Segmentation fault (core dumped)',
  'a segmentation fault in npm':
    'npm error code 139\nnpm error path /app\nnpm error command failed\nnpm error signal SIGSEGV\nnpm error command sh -c node index.js',
  'another program without a library':
    'python3: error while loading shared libraries: libpython3.11.so.1.0: cannot open shared object file: No such file or directory',
  'a browser without libraries':
    '/home/me/.cache/puppeteer/chrome/linux-127.0.6533.88/chrome-linux64/chrome: error while loading shared libraries: libnss3.so: cannot open shared object file: No such file or directory',
  'Node.js itself on Alpine':
    'Error loading shared library libstdc++.so.6: No such file or directory (needed by /usr/local/bin/node)\nError relocating /usr/local/bin/node: _ZNSt7__cxx1119basic_ostringstreamIcSt11char_traitsIcESaIcEEC1Ev: symbol not found',
  'Node.js itself on an old system':
    "node: /lib64/libc.so.6: version `GLIBC_2.28' not found (required by node)",
  'a function of a library called through FFI': stack(
    'Error: Dynamic Symbol Retrieval Error: Symbol not found: errno',
  ),
  'a program in Python and its library': `ImportError: /usr/lib/python3/dist-packages/numpy/core/_multiarray_umath.cpython-311-x86_64-linux-gnu.so: undefined symbol: cblas_sgemm`,
  'a program in Python on an older glibc': `ImportError: /lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.38' not found (required by /usr/lib/python3/dist-packages/torch/lib/libtorch.so)`,
  'a program in Python on a Mac': `ImportError: dlopen(/opt/py/lib/python3.11/site-packages/x.cpython-311-darwin.so, 0x0002): tried: '/opt/py/lib/python3.11/site-packages/x.cpython-311-darwin.so' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))`,
  'a program in Ruby on a Mac': `dyld[1234]: Library not loaded: /opt/homebrew/opt/openssl@1.1/lib/libssl.1.1.dylib\n  Referenced from: <AAAA> /Users/me/.rbenv/versions/3.1.0/lib/ruby/3.1.0/openssl.bundle\n  Reason: tried: '/opt/homebrew/opt/openssl@1.1/lib/libssl.1.1.dylib' (no such file)`,
  'a shell on Windows': 'The system cannot find the path specified.\r\nAccess is denied.\r\n',
  'a program on Windows':
    'Error: spawn C:\\tools\\git.exe ENOENT\nThe specified module could not be found.\n',
  'a library of .NET': `System.DllNotFoundException: Unable to load DLL 'e_sqlite3': The specified module could not be found. (0x8007007E)`,
  'a Makefile without a compiler':
    'make: g++: No such file or directory\nmake: *** [Makefile:12: main.o] Error 127',
  'a script without Python': '/bin/sh: python: command not found',
  'a module of Python':
    'Traceback (most recent call last):\n  File "setup.py", line 3, in <module>\nModuleNotFoundError: No module named \'distutils\'',
  'a Mac without its tools, for git':
    'xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools), missing xcrun at: /Library/Developer/CommandLineTools/usr/bin/xcrun',
  'webpack without a loader for TypeScript':
    'ERROR in ./src/index.ts 3:5\nModule parse failed: Unexpected token (3:5)\nYou may need an appropriate loader to handle this file type',
  'webpack without a loader for styles':
    "ERROR in ./src/index.css 1:0\nModule parse failed: Unexpected character '@' (1:0)\nYou may need an appropriate loader to handle this file type",
  'webpack without a loader for pictures':
    "ERROR in ./src/logo.png 1:0\nModule parse failed: Unexpected character '\ufffd' (1:0)\nYou may need an appropriate loader to handle this file type\n(Source code omitted for this binary file)",
  'esbuild without a loader for fonts':
    '✘ [ERROR] No loader is configured for ".woff2" files: src/font.woff2',
  'rollup without a plug-in for JSON':
    "RollupError: src/data.json (2:7): Expected ';', '}' or <eof> (Note that you need plugins to import files that are not JavaScript)",
}

const installations = {
  'npm and two versions':
    'npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree\nnpm error Found: react@19.0.0\nnpm error Could not resolve dependency:\nnpm error peer react@"^18" from some-ui@1.0.0',
  'npm and no such version':
    'npm error code ETARGET\nnpm error notarget No matching version found for left-pad@^99.0.0.',
  'npm and another system':
    'npm error code EBADPLATFORM\nnpm error notsup Unsupported platform for some-tool@2.3.3: wanted {"os":"darwin"} (current: {"os":"linux","arch":"x64"})',
  'npm and a script that failed':
    'npm ERR! code ELIFECYCLE\nnpm ERR! errno 1\nnpm ERR! app@1.0.0 build: `tsc`\nnpm ERR! Exit status 2',
  'npm and no rights':
    "npm error code EACCES\nnpm error syscall mkdir\nnpm error path /usr/local/lib/node_modules/yarn\nnpm error errno -13\nnpm error Error: EACCES: permission denied, mkdir '/usr/local/lib/node_modules/yarn'",
  'npm and no network':
    'npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error network request to https://example.com/express failed, reason: getaddrinfo ENOTFOUND example.com',
  'npm and an engine':
    "npm warn EBADENGINE Unsupported engine {\nnpm warn EBADENGINE   package: 'x@1.0.0',\nnpm warn EBADENGINE   required: { node: '>=24' },\nnpm warn EBADENGINE   current: { node: 'v22.23.3', npm: '12.2.0' }\nnpm warn EBADENGINE }",
  'a build that went well':
    "gyp info it worked if it ends with ok\ngyp info using node-gyp@12.4.0\ngyp info using node@22.23.3 | linux | x64\ngyp info find Python using Python version 3.11.2 found at \"/usr/bin/python3\"\ngyp info spawn make\nmake: Entering directory '/app/build'\n  CXX(target) Release/obj.target/tiny/tiny.o\n  SOLINK_MODULE(target) Release/obj.target/tiny.node\n  COPY Release/tiny.node\nmake: Leaving directory '/app/build'\ngyp info ok",
  'a search for Python that went well':
    'gyp info find Python using Python version 3.11.2 found at "/usr/bin/python3"',
  'a download that went well':
    'prebuild-install info begin Prebuild-install version 7.1.3\nprebuild-install info looking for cached prebuild @ /home/me/.npm/_prebuilds/abc-better-sqlite3-v11.8.1-node-v127-linux-x64.tar.gz\nprebuild-install info found cached prebuild\nprebuild-install info unpacking @ x.tar.gz\nprebuild-install info unpack resolved to /app/node_modules/better-sqlite3/build/Release/better_sqlite3.node\nprebuild-install info install Successfully installed prebuilt binary!',
  'a rebuild for Electron that went well':
    '✔ Rebuild Complete\n  • executing @electron/rebuild  electronVersion=37.3.1 arch=x64 buildFromSource=false\n  • installing native dependencies  arch=x64\n  • finished        moduleName=better-sqlite3 arch=x64',
  'pnpm that ran everything':
    'Packages: +3\n+++\nProgress: resolved 3, reused 3, downloaded 0, added 3, done\nnode_modules/better-sqlite3: Running install script, done in 177ms\nDone in 1.2s using pnpm v10.34.8',
  'Yarn that builds':
    '➤ YN0007: │ better-sqlite3@npm:11.8.1 must be built because it never has been before or the last one failed',
  'a program in C++ that is too old': 'main.cc:1:2: error: #error "C++17 or later required."',
}

/** Texts that resemble known ones: the same words, about something else than an addon. */
const beside = {
  'a Makefile and a header':
    'gcc -c -o main.o main.c\nmain.c:1:10: fatal error: zlib.h: No such file or directory\nmake: *** [Makefile:8: main.o] Error 1',
  'a Makefile and an old compiler':
    "g++: error: unrecognized command line option '-std=c++20'\nmake: *** [Makefile:8: main.o] Error 1",
  'a Makefile and a library':
    '/usr/bin/ld: cannot find -lfoo\ncollect2: error: ld returned 1 exit status',
  'a Makefile and memory': 'g++: fatal error: Killed signal terminated program cc1plus',
  'a project for CMake':
    'CMake Error at CMakeLists.txt:1 (cmake_minimum_required):\n  Compatibility with CMake < 3.5 has been removed from CMake.',
  'a script and CMake': './build.sh: line 3: cmake: command not found',
  'pkg-config for a program': "No package 'gtk4' found\nconfigure: error: gtk4 not found",
  'Visual Studio and a program': "LINK : fatal error LNK1104: cannot open file 'game.exe'",
  "Visual Studio and somebody's library":
    "LINK : fatal error LNK1181: cannot open input file 'physics.lib'",
  'Python and a file': "ValueError: invalid mode: 'rU'",
  'Python 2': "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?",
  'Prisma and its server':
    "PrismaClientInitializationError: \nInvalid `prisma.user.findMany()` invocation:\n\nCan't reach database server at `localhost:5432`",
  'Oracle and its server': stack(
    'Error: NJS-503: connection to host localhost port 1521 could not be established. Cause: connect ECONNREFUSED 127.0.0.1:1521',
  ),
  'esbuild and styles':
    '✘ [ERROR] Could not resolve "./styles.css"\n\n    src/index.ts:2:7:\n      2 │ import "./styles.css"',
  'esbuild and a package of JavaScript':
    '✘ [ERROR] Could not resolve "react"\n\n    node_modules/some-ui/index.js:2:7:',
  'webpack and a package of JavaScript':
    "Module not found: Error: Can't resolve 'crypto' in '/app/node_modules/some-lib/dist'",
  'webpack and a file of a package':
    './node_modules/some-ui/dist/theme.css\nModule parse failed: Unexpected token (1:0)\nYou may need an appropriate loader',
  'rollup and a package of JavaScript':
    '[vite]: Rollup failed to resolve import "lodash" from "/app/src/main.ts".',
  'a dynamic require of JavaScript':
    'Error: Could not dynamically require "./locale/de". Please configure the dynamicRequireTargets or/and ignoreDynamicRequires option',
  'pkg and a template':
    "Error: File '/**/app/views/index.html' was not included into executable at compilation stage. Please recompile adding it as asset or script.",
  'npm and a certificate':
    'npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error request to https://packages.example.org/express failed, reason: self-signed certificate in certificate chain',
  'a browser that is not downloaded':
    'npm error code 1\nnpm error path /app/node_modules/puppeteer\nnpm error command failed\nnpm error Error: ERROR: Failed to set up chrome v127.0.6533.88!',
  'a download that has no file':
    'HTTP response status 404 Not Found on https://example.com/a.tar.gz',
  'Windows and a folder in use': "Error: EBUSY: resource busy or locked, rmdir 'C:\\app\\dist'",
  'Linux and a file without rights':
    "Error: EPERM: operation not permitted, unlink '/app/node_modules/a/a.node'",
  'a path of Windows below a sentence':
    'Copied the file\n\\\\?\\C:\\app\\node_modules\\a\\a.node\n',
  'a path of Windows below an error in another language, without a stack':
    'Error: Die Datei fehlt noch.\nC:\\app\\a.node\nFertig.\n',
  'a list of paths of Windows': '\\\\?\\C:\\app\\a.node\n\\\\?\\C:\\app\\b.node\n',
  'Yarn 1 and a package without an addon':
    'error some-tool@1.0.0: The platform "linux" is incompatible with this module.',
  'a shared object of a program': 'Shared object "libfoo.so.1" not found, required by "firefox"',
  'Rust and its own library': 'thread main panicked: Must load the configuration',
  'gyp of another project':
    'gyp: /src/base/base.gypi not found (cwd: /src) while trying to load all.gyp',
  'an uncaught exception beside gyp':
    'gyp info ok\nUNCAUGHT EXCEPTION\nTypeError: x is not a function\n    at /app/index.js:1:1',
  'a script of npm 6 without an addon':
    'npm ERR! my-app@1.0.0 install: `node scripts/setup.js`\nnpm ERR! Exit status 1',
  "Visual Studio and somebody's library, in German":
    'LINK : fatal error LNK1104: Datei "physics.lib" kann nicht geöffnet werden.',
  'Visual Studio and a program that is damaged':
    'physics.lib : fatal error LNK1106: invalid file or disk full',
  'Visual Studio and missing functions': 'game.exe : fatal error LNK1120: 2 unresolved externals',
  'Visual Studio and a class of a program':
    'main.cpp(3,8): error C2039: "run" ist kein Member von "app::Engine"',
  'Visual Studio and a compiler that stops':
    'error MSB6006: "CL.exe" exited with code 2. [C:\\game\\game.vcxproj]',
  'MSBuild and another project':
    'game.csproj(3,1): error MSB4019: The imported project "x.props" was not found.',
  'Bun and a module of the project': 'ResolveMessage: Could not resolve: "../build/config"',
  'a dynamic require of a built-in module':
    'Error: Dynamic require of "crypto" is not supported\n    at file:///app/build/index.js:26:9',
  'Turbopack and a module of JavaScript': 'Error: could not resolve "./styles.css" into a module',
  'a text that a parser rejects': "SyntaxError: Unexpected character '#' (3:4)",
  'Rollup and a character of a language':
    "RollupError: Unexpected character '\u201c'\n    at getRollupError (/app/node_modules/rollup/x.js)",
  'a single executable application and JavaScript':
    'Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: discord.js',
  'Prisma and its database': 'Prisma cannot find the required `DATABASE_URL` in your environment.',
  'npm and an optional package for another system':
    'npm WARN notsup SKIPPING OPTIONAL DEPENDENCY: Unsupported platform for fsevents@1.2.13: wanted {"os":"darwin","arch":"any"} (current: {"os":"linux","arch":"x64"})',
  'npm 3 and an optional package for another system':
    'npm WARN notsup Not compatible with your operating system or architecture: fsevents@1.0.12',
  'npm 3 and a package without an addon':
    'npm ERR! notsup Not compatible with your operating system or architecture: some-tool@1.0.0',
  'a program of illumos':
    'ld.so.1: firefox: fatal: relocation error: file /usr/lib/libxul.so: symbol foo: referenced symbol not found',
  'a program of illumos without a library':
    'ld.so.1: firefox: fatal: libfoo.so.1: open failed: No such file or directory',
  'an assertion of Node.js in a worker':
    "node[68782]: ../../src/node_worker.cc:317:void node::worker::Worker::Run(): Assertion `(env_) != nullptr' failed.",
  'the same assertion in another function of Node.js':
    "node[1]: ../src/module_wrap.cc:452:static void Resolve(): Assertion `(env) != nullptr' failed.",
  'a sentence that names Electron’s dialog':
    'A JavaScript error occurred in the main process\nUncaught Exception:\nError: the window is closed',
  'another program that loads a DLL':
    'LoadLibrary failed: Das angegebene Modul wurde nicht gefunden.',
  'a loader of textures': 'Failed to load native texture for linux-x64.\nTried: a.png and b.png',
  'Deno’s cache, and JavaScript':
    "error: Uncaught Error: Cannot find module '/home/me/.cache/deno/npm/registry.example/express/4.0.0/lib/x.js'",
  'a test that mentions workers': 'tinypool: 4 workers, 12 tests passed in .webpack/main',
  'an entity of HTML': 'a &amp;&amp; b &#39;quoted&#39;',
}

const prose = {
  'a list of files': 'build/Release/better_sqlite3.node\nprebuilds/linux-x64/node.napi.node\n',
  'a sentence about the number':
    'NODE_MODULE_VERSION is the ABI version of Node.js. Node.js 22 has NODE_MODULE_VERSION 127 and Node.js 20 has NODE_MODULE_VERSION 115.',
  'a table of versions':
    '| Node.js 22 | NODE_MODULE_VERSION 127 |\n| Node.js 20 | NODE_MODULE_VERSION 115 |\n',
  'a commit': 'fix(ci): rebuild native modules so that NODE_MODULE_VERSION matches Electron',
  'a definition in C': '#define NODE_MODULE_VERSION 127\n#if NODE_MODULE_VERSION >= 108',
  advice:
    'If a native module fails to load, run `npm rebuild` or electron-rebuild. The file ends in .node.',
  'the log of a server':
    '{"level":30,"time":1795340000000,"msg":"loaded /app/node_modules/bcrypt/lib/binding/napi-v3/bcrypt_lib.node"}\n{"level":30,"msg":"GET /health 200"}',
  'a test about architectures':
    'it("throws when the mach-o file has an incompatible architecture")\nPASS src/macho.test.js',
  'words that occur in errors':
    'invalid ELF header, wrong ELF class, file too short, symbol not found',
  'an article about symbols':
    'The linker prints "undefined symbol: main" when there is no main function.',
  'a heading': '### How to fix "`Error: Could not locate the bindings file. Tried: ...`"',
  'a title': 'Worker threads: "Module did not self-register" #10',
  'a question': "an error is thrown saying 'Module did not self-register'.",
  'advice on building':
    'You need Python 3, make and a C++ compiler such as g++; not found ones are reported by node-gyp.',
  'a source text that contains an error text':
    "throw new Error('Cannot find native binding. npm has a bug related to optional dependencies')",
  'a diff of such a source text':
    '+    throw new Error(\n+      `Cannot find native binding. ` +\n+        `npm has a bug related to optional dependencies`',
  'a text quoted in prose': 'It fails with `Module did not self-register.` in workers only.',
  'an empty text': '',
  blanks: ' \n\t\n',
}

export default { ...errors, ...installations, ...beside, ...prose }
