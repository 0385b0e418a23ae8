const bcrypt = require('bcrypt')

console.log(
  bcrypt.compareSync('secret', bcrypt.hashSync('secret', 4)) ? 'it works' : 'it does not work',
)
