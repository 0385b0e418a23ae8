// Projects with the commands that start them: name, files, and for each start its place and how
// abi-guard starts with it.

const scripts = (start) => ({ 'package.json': { name: 'app', scripts: { start } } })

export const starts = [
  [
    'an option, a variable, a script and nothing',
    {
      ...scripts('node -r abi-guard/register server.js'),
      Procfile:
        'web: NODE_OPTIONS="--import abi-guard/register" node a.js\nother: node b.js\nlast: node c.js\n',
      'a.js': '',
      'b.js': "import './first.js'\n",
      'first.js': "require('abi-guard/register')\n",
      'c.js': "// require('abi-guard/register')\nrequire('express')\n",
    },
    [
      ['package.json:1', 'option', null],
      ['Procfile:1', 'node-options', null],
      ['Procfile:2', 'script', 'first.js'],
      ['Procfile:3', 'none', null],
    ],
  ],
  [
    'compiled scripts, whose sources are here or not',
    {
      ...scripts('node dist/main.js'),
      'src/main.ts': "import { assertNodeModules } from 'abi-guard'\nassertNodeModules()\n",
      'ecosystem.config.js':
        "module.exports = { apps: [{ script: 'build/worker.js', node_args: '--inspect' }] }\n",
    },
    [
      ['package.json:1', 'script', 'src/main.ts'],
      ['ecosystem.config.js:1', 'unknown', "build/worker.js isn't here"],
    ],
  ],
  [
    'images: ENTRYPOINT with CMD, a variable, npm start, and a path in the image',
    {
      ...scripts('node server.js'),
      'server.js': "require('abi-guard/register')\n",
      Dockerfile: `FROM node:20
WORKDIR /app
ENTRYPOINT ["docker-entrypoint.sh", "node"]
CMD ["/app/server.js"]
`,
      'Dockerfile.env': 'FROM node:20\nENV NODE_OPTIONS="-r abi-guard/register"\nCMD node x.js\n',
      'Dockerfile.npm': 'FROM node:20 AS a\nCMD ["x"]\nFROM a\nCMD npm start\n',
      'Dockerfile.none': 'FROM node:20\nWORKDIR /srv\nCMD ["node", "/other/server.js"]\n',
    },
    [
      ['package.json:1', 'script', 'server.js'],
      ['Dockerfile:4', 'script', 'server.js'],
      ['Dockerfile.env:3', 'node-options', null],
      ['Dockerfile.none:3', 'unknown', "/other/server.js isn't here"],
      ['Dockerfile.npm:4', 'script', 'server.js'],
    ],
  ],
  [
    'Next.js, and an app in a folder',
    {
      ...scripts('next start'),
      'src/instrumentation.ts':
        "export async function register() {\n  await import('abi-guard/register')\n}\n",
      Procfile: 'web: cd api && npm start\n',
      'api/package.json': { name: 'api', scripts: { start: 'node index.js' } },
      'api/index.js': '',
    },
    [
      ['package.json:1', 'script', 'src/instrumentation.ts'],
      ['Procfile:1', 'none', null],
    ],
  ],
  [
    'commands of a host, and a unit of systemd',
    {
      'package.json': { name: 'app' },
      'render.yaml':
        'services: [{ name: a, runtime: node, startCommand: node -r abi-guard/register a.js }]\n',
      'app.service': `[Service]
Environment=NODE_OPTIONS=--import=abi-guard/register
ExecStart=/usr/bin/node /srv/app/a.js
`,
    },
    [
      ['render.yaml:1', 'option', null],
      ['app.service:3', 'node-options', null],
    ],
  ],
]
