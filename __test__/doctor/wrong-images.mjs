// Projects that will fail: images of several kinds, and lockfiles, in the form of wrong.mjs.

const pinned = { '.nvmrc': '20\n' }
const differs = (place, part) => ['node-version-differs', place, 'warning', part]

export const wrongInImages = [
  [
    'a newer Debian in the first stage, with compiled packages',
    'compiled',
    {
      Dockerfile: `FROM node:20-trixie AS build
WORKDIR /app
RUN npm ci
FROM node:20-bullseye-slim
COPY --from=build /app/node_modules ./node_modules
`,
    },
    [['stages-differ', 'Dockerfile:5', 'warning', 'FROM node:20-bullseye-slim AS build']],
  ],
  [
    'a first stage on the processor of the builder',
    'platform',
    {
      Dockerfile: `FROM --platform=$BUILDPLATFORM node:20 AS build
WORKDIR /app
RUN npm ci
FROM node:20
COPY --from=build /app/node_modules ./node_modules
`,
    },
    [['stages-differ', 'Dockerfile:5', 'warning']],
  ],
  [
    'Node.js from NodeSource, nvm and another image, in other versions',
    'stable',
    {
      ...pinned,
      Dockerfile: `FROM debian:bookworm-slim
RUN curl -fsSL https://deb.nodesource.com/setup_18.x | bash - && apt-get install -y nodejs
RUN npm ci
`,
      'Dockerfile.nvm': 'FROM ubuntu:24.04\nRUN . ~/.nvm/nvm.sh && nvm install 22\nRUN npm ci\n',
      'Dockerfile.copy': 'FROM debian\nCOPY --from=node:22 /usr/local /usr/local\nRUN npm ci\n',
    },
    [differs('Dockerfile:2'), differs('Dockerfile.nvm:2'), differs('Dockerfile.copy:2')],
  ],
  [
    'Bun after Node.js, and pnpm deploy to Alpine',
    'tied',
    {
      Dockerfile: `FROM node:20 AS build
WORKDIR /app
RUN npm ci
FROM oven/bun:1
COPY --from=build /app/node_modules ./node_modules
`,
      'Dockerfile.pnpm': `FROM node:20 AS build
RUN pnpm install --frozen-lockfile && pnpm --filter=app --prod deploy /prod/app
FROM node:20-alpine
COPY --from=build /prod/app /app
`,
    },
    [
      ['stages-differ', 'Dockerfile:5', 'error'],
      ['stages-differ', 'Dockerfile.pnpm:4', 'error', 'FROM node:20-alpine AS build'],
    ],
  ],
  [
    'a lockfile that was made on a Mac',
    'platform',
    {
      'package-lock.json': {
        lockfileVersion: 3,
        packages: {
          '': {},
          'node_modules/@node-rs/crc32': {
            version: '1.10.8',
            optionalDependencies: {
              '@node-rs/crc32-darwin-arm64': '1.10.8',
              '@node-rs/crc32-linux-x64-gnu': '1.10.8',
              '@node-rs/crc32-win32-x64-msvc': '1.10.8',
            },
          },
          'node_modules/@node-rs/crc32-darwin-arm64': { version: '1.10.8', optional: true },
        },
      },
      Dockerfile: 'FROM node:20-slim\nRUN npm ci\n',
    },
    [['lockfile-incomplete', 'package-lock.json:1', 'warning', 'npm']],
  ],
]
