// A server that hashes passwords with a native addon. Without the guard it would listen, and then
// fail at the first login.

const express = require('express')

const app = express()
app.use(express.json())

app.post('/hash', async (request, response) => {
  // Many apps load an addon this late.
  const bcrypt = require('bcrypt')
  response.json({ hash: await bcrypt.hash(request.body.password, 4) })
})

const server = app.listen(process.env.PORT ?? 3000, () => {
  console.log(`listening on port ${server.address().port}`)
})
