module.exports = require('./build/Release/tiny.node')
