const { join } = require('path'), { platform, arch } = process
const musl = platform === 'linux' && process.report?.getReport().header.glibcVersionRuntime === undefined ? '-musl' : ''
let binding
try { binding = require(`../prebuilds/${platform}-${arch}${musl}/pre.node`) }
catch (e) { if (!/MODULE_NOT_FOUND/.test(e.code)) throw e; binding = require('node-gyp-build')(join(__dirname, '..')) }
switch (platform) { case 'win32': module.exports = binding; break; default: module.exports = { ...binding, a: [1, 2].map((x) => x / 2) } }
