// The part of the app that uses its native dependency.

const { mask } = require('bufferutil')

exports.masked = (data, key) => {
  const output = Buffer.alloc(data.length)
  mask(data, key, output, 0, data.length)
  return output
}
