// Projects that will fail: files of hosts and process managers, in the form of wrong.mjs.

const pinned = { '.nvmrc': '20\n' }
const differs = (place, part) => ['node-version-differs', place, 'warning', part]

export const wrongInHosts = [
  [
    'dev containers with other versions',
    'stable',
    {
      ...pinned,
      '.devcontainer/devcontainer.json': `{
  // a comment
  "image": "mcr.microsoft.com/devcontainers/javascript-node:1-22-bookworm"
}
`,
      '.devcontainer/b/devcontainer.json': `{
  "image": "mcr.microsoft.com/devcontainers/base:debian",
  "features": {
    "ghcr.io/devcontainers/features/node:1": {
      "version": "18"
    }
  }
}
`,
    },
    [
      differs('.devcontainer/devcontainer.json:3'),
      differs('.devcontainer/b/devcontainer.json:5', '"version": "20"'),
    ],
  ],
  [
    'the Serverless Framework with another version',
    'stable',
    {
      ...pinned,
      'serverless.yml': `provider:
  name: aws
  runtime: nodejs18.x
functions:
  a: { handler: a.handler }
  b: { handler: b.handler }
  c:
    handler: c.handler
    runtime: nodejs22.x
`,
    },
    [differs('serverless.yml:3', 'runtime: nodejs20.x'), differs('serverless.yml:9')],
  ],
  [
    'the Serverless Framework for another processor, deployed from here',
    'platform',
    {
      'serverless.yml': `provider:
  name: aws
  runtime: nodejs20.x
  architecture: arm64
functions: { a: { handler: a.handler } }
`,
    },
    [
      [
        'modules-uploaded',
        'serverless.yml:3',
        'warning',
        'npm ci --omit=dev --os=linux --cpu=arm64',
      ],
    ],
  ],
  [
    'the Serverless Framework for another processor, deployed by a job',
    'platform',
    {
      'serverless.yml': `provider:
  name: aws
  runtime: nodejs20.x
  architecture: arm64
functions: { a: { handler: a.handler } }
`,
      '.github/workflows/deploy.yml': `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: npm ci
      - run: npx serverless deploy --stage prod
`,
    },
    [['modules-uploaded', 'serverless.yml:3', 'error']],
  ],
  [
    'SAM with another version, and for another processor',
    'platform',
    {
      ...pinned,
      'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Old:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Runtime: nodejs18.x
  Arm:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Runtime: nodejs20.x
      Architectures: [arm64]
`,
    },
    [
      differs('template.yaml:7', 'Runtime: nodejs20.x'),
      ['modules-uploaded', 'template.yaml:12', 'warning', 'sam build --use-container'],
    ],
  ],
  [
    'Vercel and Netlify without the optional packages, and without scripts',
    'platform',
    {
      'vercel.json': '{\n  "installCommand": "npm install --omit=optional"\n}\n',
      'netlify.toml': '[build.environment]\nNPM_FLAGS = "--no-optional"\n',
    },
    [
      ['optional-omitted', 'vercel.json:2', 'error', 'npm install'],
      ['optional-omitted', 'netlify.toml:2', 'error', 'npm install'],
    ],
  ],
  [
    'Vercel, Render and Nixpacks without scripts',
    'tied',
    {
      'vercel.json': '{\n\t"installCommand": "npm ci --ignore-scripts"\n}\n',
      'render.yaml': `services:
  - type: web
    name: a
    env: node
    buildCommand: npm ci --ignore-scripts
`,
      'nixpacks.toml': '[phases.install]\ncmds = ["npm ci --ignore-scripts"]\n',
    },
    [
      ['scripts-ignored', 'vercel.json:2', 'error', 'npm ci'],
      ['scripts-ignored', 'render.yaml:5', 'error', 'npm ci'],
      ['scripts-ignored', 'nixpacks.toml:2', 'error', 'npm ci'],
    ],
  ],
  [
    'hosts with other versions',
    'stable',
    {
      // Netlify prefers .nvmrc.
      '.tool-versions': 'nodejs 20\n',
      'netlify.toml':
        '[build.environment]\nNODE_VERSION = "18"\n[context.preview.environment]\nNODE_VERSION = "22"\n',
      'render.yaml': `services:
  - type: web
    name: a
    runtime: node
    envVars:
      - key: NODE_VERSION
        value: 22.1.0
`,
      'fly.toml': '[build]\nimage = "node:18-slim"\n',
      'nixpacks.toml': '[phases.setup]\nnixPkgs = ["...", "nodejs_22"]\n',
      'app.yaml': 'env: standard\nruntime: nodejs22\n',
    },
    [
      differs('netlify.toml:2', 'NODE_VERSION = "20"'),
      differs('netlify.toml:4', 'NODE_VERSION = "20"'),
      differs('render.yaml:7', "value: '20'"),
      differs('fly.toml:2', 'image = "node:20-slim"'),
      differs('nixpacks.toml:2', 'nodejs_20'),
      differs('app.yaml:2', 'runtime: nodejs20'),
    ],
  ],
  [
    'Fly.io, Nixpacks and App Engine with other versions, in their other forms',
    'stable',
    {
      ...pinned,
      'fly.production.toml': '[build]\ndockerfile = "docker/web"\n[build.args]\nNODE = "18"\n',
      'docker/web': 'ARG NODE=20\nFROM node:$NODE-slim\nRUN npm ci\n',
      'nixpacks.toml': '[variables]\nNIXPACKS_NODE_VERSION = "22"\n',
      'api/app.yaml': "runtime: nodejs\nenv: flex\nruntime_config:\n  runtime_version: '22'\n",
    },
    [
      differs('docker/web:1', 'ARG NODE=20'),
      differs('nixpacks.toml:2', 'NIXPACKS_NODE_VERSION = "20"'),
      differs('api/app.yaml:4', "runtime_version: '20'"),
    ],
  ],
  [
    'processes that are started with another version',
    'stable',
    {
      ...pinned,
      'api.service': '[Service]\nExecStart=/root/.nvm/versions/node/v18.20.1/bin/node /srv/a.js\n',
      'deploy/b.service':
        '[Service]\nUser=a\nExecStart=/opt/node-v22.1.0-linux-x64/bin/node /srv/b.js\n',
      'ecosystem.config.js': `module.exports = {
  apps: [
    { name: 'a', script: 'a.js', interpreter: 'node@18.20.1' },
    {
      name: 'b',
      script: 'b.js',
      exec_interpreter: '/root/.nvm/versions/node/v22.1.0/bin/node',
    },
  ],
}
`,
      Procfile: 'web: /app/.nvm/versions/node/v18.20.1/bin/node server.js\n',
    },
    [
      differs('api.service:2'),
      differs('deploy/b.service:3'),
      differs('ecosystem.config.js:3'),
      differs('ecosystem.config.js:6'),
      differs('Procfile:1'),
    ],
  ],
  [
    'heroku.yml with a Dockerfile of another name',
    'stable',
    {
      ...pinned,
      'heroku.yml': 'build:\n  docker:\n    web: heroku/image\n',
      'heroku/image': 'FROM node:18\nRUN npm ci\n',
    },
    [differs('heroku/image:1', 'FROM node:20')],
  ],
  [
    'CloudFormation, heroku.yml, pm2 in JSON and a Procfile with other versions',
    'stable',
    {
      ...pinned,
      'infra/template.yml': `Parameters:
  Node: { Type: String, Default: nodejs22.x }
Resources:
  Api:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: !Ref Node
      Code: { S3Bucket: a, S3Key: b }
`,
      'heroku.yml': `build:
  docker:
    web: Dockerfile
    worker: { dockerfile: docker/worker }
`,
      Dockerfile: 'FROM node:20-slim\nRUN npm ci\n',
      'docker/worker': 'FROM node:22-slim\nRUN npm ci\n',
      'pm2.json': `{
  "apps": [
    {
      "name": "a",
      "interpreter": "/usr/local/nvm/versions/node/v18.20.1/bin/node",
      "script": "a.js"
    }
  ]
}
`,
      Procfile: `# processes
web: npm start
worker: /root/.local/share/fnm/node-versions/v22.1.0/installation/bin/node worker.js
`,
    },
    [
      differs('infra/template.yml:7', 'Runtime: nodejs20.x'),
      differs('docker/worker:1', 'FROM node:20-slim'),
      differs('pm2.json:6'),
      differs('Procfile:3'),
    ],
  ],
  [
    'Heroku without a version in package.json',
    'tied',
    {
      ...pinned,
      'app.json': `{
  "name": "x",
  "stack": "heroku-24"
}
`,
    },
    [['node-not-pinned', 'app.json:3', 'warning', '"engines": { "node": "20.x" }']],
  ],
  [
    'Heroku with buildpacks, without a version in package.json',
    'tied',
    { 'app.json': '{\n"buildpacks": [{ "url": "heroku/nodejs" }]\n}\n' },
    [['node-not-pinned', 'app.json:2', 'warning', '"engines": { "node": "20.x" }']],
  ],
]
