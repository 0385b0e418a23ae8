// Correct projects: images of several kinds, and lockfiles, in the form of correct.mjs.

const pinned = { '.nvmrc': '20\n' }

export const correctInImages = [
  [
    'stages with different Debian releases, and packages that come with their files',
    'stable',
    {
      Dockerfile: `FROM node:20-bookworm AS build
WORKDIR /app
RUN npm ci
FROM node:20-bullseye-slim
COPY --from=build /app/node_modules ./node_modules
`,
    },
  ],
  [
    'stages from an older Debian to a newer one, and one processor for both',
    'compiled',
    {
      Dockerfile: `FROM --platform=linux/amd64 node:20-bullseye AS build
WORKDIR /app
RUN npm ci
FROM --platform=linux/amd64 node:20-bookworm-slim
COPY --from=build /app/node_modules ./node_modules
`,
      'Dockerfile.cross': `FROM --platform=$BUILDPLATFORM node:20 AS build
ARG TARGETARCH
WORKDIR /app
RUN npm ci --cpu=$TARGETARCH --os=linux
RUN npm run build
FROM node:20
WORKDIR /app
COPY --from=build /app/dist ./dist
RUN npm ci --omit=dev
`,
    },
  ],
  [
    'Node.js from NodeSource and nvm, in the pinned version',
    'tied',
    {
      ...pinned,
      Dockerfile: `FROM debian:bookworm-slim
RUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash - && apt-get install -y nodejs
RUN npm ci
`,
      'Dockerfile.nvm': 'FROM ubuntu:24.04\nRUN . ~/.nvm/nvm.sh && nvm install 20\nRUN npm ci\n',
      'Dockerfile.copy': `FROM debian:bookworm
COPY --from=node:20-bookworm /usr/local /usr/local
RUN npm ci
`,
    },
  ],
  [
    'Bun after Node.js with Node-API only, and pnpm deploy to the same image',
    'stable',
    {
      Dockerfile: `FROM node:20 AS build
WORKDIR /app
RUN npm ci
FROM oven/bun:1
COPY --from=build /app/node_modules ./node_modules
`,
      'Dockerfile.pnpm': `FROM node:20-slim AS build
RUN pnpm install --frozen-lockfile
RUN pnpm --filter=app --prod deploy /prod/app
FROM node:20-slim
COPY --from=build /prod/app /app
`,
    },
  ],
  [
    'a lockfile with the packages of every system',
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
            },
          },
          'node_modules/@node-rs/crc32-darwin-arm64': { version: '1.10.8', optional: true },
          'node_modules/@node-rs/crc32-linux-x64-gnu': { version: '1.10.8', optional: true },
        },
      },
      Dockerfile: 'FROM node:20-slim\nRUN npm ci\n',
    },
  ],
]
