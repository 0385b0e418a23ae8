module.exports = require('bindings')('tiny')
