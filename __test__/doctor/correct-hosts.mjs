// Correct projects: files of hosts and process managers, in the form of correct.mjs.

const pinned = { '.nvmrc': '20\n' }

export const correctInHosts = [
  [
    'dev containers with the pinned version',
    'tied',
    {
      ...pinned,
      '.devcontainer/devcontainer.json': `// comments are allowed
{
  "image": "mcr.microsoft.com/devcontainers/javascript-node:1-20-bookworm",
  "postCreateCommand": "npm ci",
}
`,
      '.devcontainer/base/devcontainer.json': `{
  "image": "mcr.microsoft.com/devcontainers/base:debian",
  "features": { "ghcr.io/devcontainers/features/node:1": { "version": "20" } }
}
`,
    },
  ],
  [
    'the Serverless Framework on this system, and a service of another language',
    'tied',
    {
      ...pinned,
      'serverless.yml': `service: api
provider: { name: aws, runtime: nodejs20.x }
functions:
  hello: { handler: src/a.handler }
  image: { image: { name: app } }
  other: { handler: b.handler, runtime: python3.12 }
`,
      'py/serverless.yml':
        'provider: { name: aws, runtime: python3.12 }\nfunctions: { a: { handler: x } }\n',
    },
  ],
  [
    'the Serverless Framework with a bundler, and for another processor in the pipeline',
    'platform',
    {
      'serverless.yml': `provider: { name: aws, runtime: nodejs20.x, architecture: arm64 }
functions: { a: { handler: a.handler } }
`,
      '.github/workflows/deploy.yml': `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: npm ci --os=linux --cpu=arm64 --libc=glibc
      - run: npx serverless deploy
`,
      'web/serverless.yml': `provider: { name: aws, runtime: nodejs20.x, architecture: arm64 }
plugins: [serverless-esbuild]
functions: { a: { handler: a.handler } }
`,
    },
  ],
  [
    'SAM for this system, SAM that builds in a container, and a template of another kind',
    'tied',
    {
      ...pinned,
      'template.yaml': `Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs20.x } }
Resources:
  Api: { Type: AWS::Serverless::Function, Properties: { CodeUri: ., Handler: a.handler } }
`,
      'arm/template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: a.handler, Runtime: nodejs20.x, Architectures: [arm64] }
`,
      'arm/samconfig.toml': '[default.build.parameters]\nuse_container = true\n',
      'other/template.yaml': 'title: a template\nitems: [1, 2]\n',
    },
  ],
  [
    'Vercel, Netlify and Render with all scripts and the pinned version',
    'platform',
    {
      ...pinned,
      'vercel.json': '{\n\t"buildCommand": "npm run build",\n\t"installCommand": "npm ci"\n}\n',
      'netlify.toml': `[build]
  command = "npm run build"
  publish = "dist"
[build.environment]
  NODE_VERSION = "20"
  NPM_FLAGS = "--no-audit"
`,
      'render.yaml': `services:
  - type: web
    name: api
    runtime: node
    buildCommand: npm ci && npm run build
    startCommand: node server.js
    envVars: [{ key: NODE_VERSION, value: 20.11.0 }]
`,
    },
  ],
  [
    'Fly.io, Nixpacks and App Engine with the pinned version',
    'tied',
    {
      ...pinned,
      'fly.toml': 'app = "x"\n[build.args]\n  NODE_VERSION = "20"\n[env]\n  NODE_VERSION = "18"\n',
      Dockerfile: 'ARG NODE_VERSION=18\nFROM node:$NODE_VERSION-slim\nRUN npm ci\n',
      'nixpacks.toml': `[phases.setup]
nixPkgs = ["...", "nodejs_20"]
[phases.install]
cmds = ["npm ci"]
[start]
cmd = "node server.js"
`,
      'app.yaml': 'runtime: nodejs20\nentrypoint: node server.js\n',
      'k8s/app.yaml': 'apiVersion: v1\nkind: Pod\n',
    },
  ],
  [
    'hosts without a version of their own',
    'tied',
    {
      ...pinned,
      'fly.toml': '[build]\n  builder = "heroku/builder:24"\n[processes]\n  app = "node a.js"\n',
      'nixpacks.toml': '[start]\ncmd = "npm start"\n',
      'app.yaml': 'runtime: python312\n',
      'render.yaml': 'services: [{ type: web, name: a, runtime: node, buildCommand: yarn }]\n',
      'netlify.toml': '[[redirects]]\nfrom = "/*"\nto = "/index.html"\n',
      'vercel.json': '{ "rewrites": [] }\n',
    },
  ],
  [
    'systemd, pm2, a Procfile and heroku.yml',
    'tied',
    {
      ...pinned,
      'deploy/api.service': `[Unit]
Description=Api
[Service]
ExecStart=/opt/node-v20.11.0-linux-x64/bin/node /srv/api/server.js
Environment=NODE_ENV=production
[Install]
WantedBy=multi-user.target
`,
      'deploy/web.service': '[Service]\nExecStart=/usr/sbin/nginx\n',
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'a', script: 'a.js', interpreter: 'node@20.11.0' }] }\n",
      Procfile: 'web: node server.js\nworker: npm run worker\n',
      'heroku.yml': 'build: { docker: { web: Dockerfile.web } }\nrun: { web: node server.js }\n',
      'Dockerfile.web': 'FROM node:20-slim\nRUN npm ci\n',
    },
  ],
  [
    'systemd and pm2 with the Node.js of the system',
    'tied',
    {
      ...pinned,
      'api.service': '[Service]\nWorkingDirectory=/srv/api\nExecStart=/usr/bin/node server.js\n',
      'ecosystem.config.cjs': `const shared = { cwd: __dirname }
module.exports = {
  apps: [{ ...shared, name: 'a', script: './dist/a.js', instances: 'max', exec_mode: 'cluster' }],
}
`,
    },
  ],
  [
    'a Procfile and heroku.yml without a version of their own',
    'tied',
    {
      ...pinned,
      Procfile: 'release: node migrate.js\nweb: NODE_ENV=production npm start\n',
      'heroku.yml': 'setup: { addons: [] }\nbuild: { docker: { web: Dockerfile } }\n',
      Dockerfile: 'FROM node:20\nRUN npm ci\nCMD ["node", "a.js"]\n',
    },
  ],
  [
    'Netlify, which prefers .nvmrc, pm2 in a cluster, and files of others',
    'tied',
    {
      ...pinned,
      'netlify.toml': '[build.environment]\nNODE_VERSION = "18"\n',
      'ecosystem.config.js':
        "module.exports = { apps: [{ script: 'a.js', instances: 2, interpreter: 'node@18.1.0' }] }\n",
      'app.json': '{ "expo": { "name": "x" } }\n',
    },
  ],
  [
    'Heroku with images',
    'tied',
    { ...pinned, 'app.json': '{ "stack": "container", "formation": { "web": {} } }\n' },
  ],
  [
    'Heroku with buildpacks of another language',
    'tied',
    { ...pinned, 'app.json': '{ "buildpacks": [{ "url": "heroku/python" }] }\n' },
  ],
]
