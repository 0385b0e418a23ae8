const shared = { cwd: __dirname }
module.exports = {
  apps: [{ ...shared, name: 'a', script: './dist/a.js', instances: 'max', exec_mode: 'cluster' }],
}
