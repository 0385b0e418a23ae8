// Projects that will fail: name, kind of native code (see natives.mjs), files, and the expected
// findings: code, file and line, severity, and a part of the corrected lines.

const pinned = { '.nvmrc': '20\n' }
const ignore = { '.dockerignore': 'node_modules\n' }
const dockerfile = (text) => ({ Dockerfile: text })

export const wrong = [
  [
    'COPY . . after the install, and a .dockerignore without node_modules',
    'tied',
    {
      ...pinned,
      '.dockerignore': '.git\n# node_modules\n',
      ...dockerfile(`FROM node:20
WORKDIR /usr/src/app
COPY package*.json ./
RUN npm ci
COPY . .
CMD ["npm", "start"]
`),
    },
    [['host-modules-copied', 'Dockerfile:5', 'warning', '**/node_modules']],
  ],
  [
    'npm install after COPY . . keeps the node_modules of the host, which has another libc',
    'stable',
    {
      ...dockerfile(
        'FROM node:20-alpine\nWORKDIR /app\nADD ./ /app\nRUN apk add python3 g++ make && npm install\n',
      ),
    },
    [['host-modules-copied', 'Dockerfile:3', 'error', '# .dockerignore (new)']],
  ],
  [
    'node_modules is copied by name',
    'tied',
    {
      ...pinned,
      ...ignore,
      ...dockerfile(
        'FROM node:20\nWORKDIR /app\nCOPY package.json ./\nCOPY node_modules ./node_modules\nCOPY src ./src\n',
      ),
    },
    [['host-modules-copied', 'Dockerfile:4', 'warning', 'node_modules']],
  ],
  [
    'an image whose tag will mean another version',
    'tied',
    {
      ...ignore,
      ...dockerfile(
        'FROM node:lts-alpine AS build\nRUN apk add build-base python3\nWORKDIR /a\nCOPY . .\nRUN npm ci\n',
      ),
    },
    [['node-not-pinned', 'Dockerfile:1', 'warning', 'FROM node:20-alpine AS build']],
  ],
  [
    'the version in an argument isn’t the chosen one',
    'tied',
    {
      ...pinned,
      ...ignore,
      ...dockerfile(
        '# base\nARG REGISTRY=docker.io\nARG NODE_VERSION=18-bookworm\n\nFROM $REGISTRY/library/node:$NODE_VERSION\nCOPY . .\nRUN npm ci\n',
      ),
    },
    [['node-version-differs', 'Dockerfile:3', 'warning', 'ARG NODE_VERSION=20-bookworm']],
  ],
  [
    'an image that engines.node forbids, in a project without a chosen version',
    'stable',
    {
      'package.json': { name: 'app', engines: { node: '>=20.9' } },
      ...ignore,
      ...dockerfile('FROM node:18\nCOPY . .\nRUN npm ci\n'),
    },
    [['node-version-differs', 'Dockerfile:1', 'warning', 'FROM node:20']],
  ],
  [
    'built on Debian, run on Alpine',
    'stable',
    {
      ...ignore,
      ...dockerfile(`FROM node:20 AS build
WORKDIR /app
COPY package*.json .
RUN npm ci
COPY . .
RUN npm run build

FROM node:20-alpine
WORKDIR /app
COPY --from=build /app .
CMD node dist
`),
    },
    [['stages-differ', 'Dockerfile:10', 'error', 'FROM node:20-alpine AS build']],
  ],
  [
    'built with one Node.js, run with another two stages later',
    'tied',
    {
      ...ignore,
      ...dockerfile(`FROM node:18-slim AS deps
WORKDIR /app
COPY package.json yarn.lock ./
RUN yarn install --frozen-lockfile
FROM node:18-slim AS build
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY . .
RUN yarn build
FROM gcr.io/distroless/nodejs20-debian12
COPY --from=build /app /app
CMD ["/app/dist/main.js"]
`),
    },
    [['stages-differ', 'Dockerfile:11', 'error', 'FROM node:20-bookworm-slim AS build']],
  ],
  [
    'Alpine, without the tools to compile an addon that has no file for musl',
    'musl',
    {
      ...pinned,
      ...ignore,
      ...dockerfile(
        'FROM node:20-alpine\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\n',
      ),
    },
    [['no-musl-prebuild', 'Dockerfile:4', 'error', 'RUN apk add --no-cache python3 make g++']],
  ],
  [
    'an install without the scripts that compile an addon',
    'tied',
    {
      ...pinned,
      ...ignore,
      ...dockerfile(
        'FROM node:20\nWORKDIR /app\nCOPY package.json .\nRUN npm i -g npm && \\\n    npm ci --ignore-scripts --omit=dev\nCOPY . .\n',
      ),
    },
    [['scripts-ignored', 'Dockerfile:5', 'error', 'RUN npm ci --omit=dev']],
  ],
  [
    'a variable that disables install scripts',
    'tied',
    {
      ...pinned,
      ...ignore,
      ...dockerfile(
        'FROM node:20\nENV NPM_CONFIG_IGNORE_SCRIPTS=true\nCOPY package.json .\nRUN npm ci\n',
      ),
    },
    [['scripts-ignored', 'Dockerfile:4', 'error']],
  ],
  [
    'an install without the optional package that contains the addon',
    'platform',
    {
      ...ignore,
      ...dockerfile(
        'FROM node:20\nWORKDIR /app\nCOPY package.json .\nRUN npm ci --omit=optional\nCOPY . .\n',
      ),
    },
    [['optional-omitted', 'Dockerfile:4', 'error', 'RUN npm ci']],
  ],
  [
    'compose mounts the project with its node_modules',
    'stable',
    {
      ...ignore,
      ...dockerfile('FROM node:20\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nCOPY . .\n'),
      'docker-compose.yml': `services:
  db:
    image: mysql
  app:
    build: .
    command: npm run dev
    volumes:
      - ./logs:/var/log
      - .:/app
`,
    },
    [['host-modules-mounted', 'docker-compose.yml:9', 'warning', '- /app/node_modules']],
  ],
  [
    'a compose file in another folder, a mount in the long form, and a volume at another path',
    'tied',
    {
      ...pinned,
      'deploy/compose.dev.yaml': `services:
  app:
    image: node:20-slim
    volumes:
      - type: bind
        source: ..
        target: /workspace
      - modules:/app/node_modules
volumes: {modules: {}}
`,
    },
    [['host-modules-mounted', 'deploy/compose.dev.yaml:5', 'warning', '- ..:/workspace']],
  ],
  [
    'a .dockerignore for the node_modules of the root, and a subfolder with its own node_modules',
    'stable',
    {
      ...ignore,
      'server/package.json': { name: 'server' },
      'server/node_modules/x/package.json': { name: 'x' },
      ...dockerfile(
        'FROM node:20\nWORKDIR /app\nCOPY server/package.json .\nRUN npm install\nCOPY ./server/ .\n',
      ),
    },
    [['host-modules-copied', 'Dockerfile:5', 'warning', '**/node_modules']],
  ],
  [
    'images of services without a version and with another version',
    'tied',
    {
      ...pinned,
      'compose.yaml': 'services:\n  a:\n    image: node\n  b:\n    image: node:22-alpine\n',
    },
    [
      ['node-not-pinned', 'compose.yaml:3', 'warning', 'image: node:20'],
      ['node-version-differs', 'compose.yaml:5', 'warning', 'image: node:20-alpine'],
    ],
  ],
]
