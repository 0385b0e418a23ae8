// Loads an addon or a package as an application would, and lets the error go. node load.cjs HOW
// WHAT [abi-guard's folder] With that folder the same process explains the error, and prints that
// as JSON on standard output. Plain ES5: Node.js 4 runs it too.
var how = process.argv[2]
var what = process.argv[3]
var guard = process.argv[4]

function said(error) {
  if (guard) {
    var explanation = require(guard).explainError(error, { from: process.cwd() })
    process.stdout.write(JSON.stringify({ explanation: explanation }) + '\n')
  }
  throw error
}

function load() {
  return require(what)
}

try {
  if (how === 'twice') {
    load()
    delete require.cache[require.resolve(what)]
  }
  if (how === 'worker') {
    load()
    var worker = require('worker_threads')
    new worker.Worker(__filename, { argv: ['require', what] }).on('error', said)
  } else if (how === 'import') {
    // Old releases can't read the word.
    new Function('what', 'return import(what)')(what).catch(said)
  } else {
    load()
  }
} catch (error) {
  said(error)
}
