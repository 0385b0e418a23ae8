module.exports = {
  apps: [
    { name: 'a', script: 'a.js', interpreter: 'node@18.20.1' },
    {
      name: 'b',
      script: 'b.js',
      exec_interpreter: '/root/.nvm/versions/node/v22.1.0/bin/node',
    },
  ],
}
