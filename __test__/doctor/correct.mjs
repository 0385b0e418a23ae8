// Correct projects, without findings. Their structures are those of real projects.

const pinned = { '.nvmrc': '20\n' }
const ignore = { '.dockerignore': '.git\nnode_modules\ndist\n' }
const dockerfile = (text) => ({ Dockerfile: text })

/** Name, kind of native code (see natives.mjs), files. */
export const correct = [
  [
    'an image that copies the package files, installs, and copies the rest without node_modules',
    'tied',
    {
      ...pinned,
      ...ignore,
      ...dockerfile(`# syntax=docker/dockerfile:1
FROM node:20-bookworm-slim
WORKDIR /usr/src/app
COPY package*.json ./
RUN npm ci --omit=dev
COPY . .
CMD ["node", "server.js"]
`),
    },
  ],
  [
    'stages on one base image, whose version is an ARG',
    'tied',
    {
      ...pinned,
      '.dockerignore': '**/node_modules\n',
      ...dockerfile(`ARG NODE_VERSION=20
ARG VARIANT=bookworm-slim

FROM --platform=$BUILDPLATFORM node:\${NODE_VERSION}-\${VARIANT} AS base
ENV PNPM_HOME="/pnpm"
ENV PATH="$PNPM_HOME:$PATH"
RUN corepack enable
WORKDIR /app

FROM base AS deps
COPY package.json pnpm-lock.yaml ./
RUN --mount=type=cache,id=pnpm,target=/pnpm/store \\
    pnpm install --prod --frozen-lockfile

FROM base AS build
COPY . .
RUN pnpm install --frozen-lockfile && pnpm run build

FROM base
COPY --from=deps /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
EXPOSE 8000
CMD [ "node", "dist/main.js" ]
`),
    },
  ],
  [
    'npm ci after COPY . . deletes the node_modules of the host',
    'tied',
    {
      ...pinned,
      ...dockerfile('FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n'),
    },
  ],
  [
    'a .dockerignore for one Dockerfile, which allows only the files that it lists',
    'tied',
    {
      ...pinned,
      'Dockerfile.worker': 'FROM node:20\nWORKDIR /app\nRUN npm i\nCOPY . .\n',
      'Dockerfile.worker.dockerignore': '*\n!src\n!package.json\n',
    },
  ],
  [
    'COPY with --exclude=node_modules',
    'tied',
    {
      ...pinned,
      ...dockerfile(
        'FROM node:20\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY --exclude=node_modules . .\n',
      ),
    },
  ],
  [
    'Alpine, with the tools to compile an addon that has no file for musl',
    'tied',
    {
      ...pinned,
      ...ignore,
      ...dockerfile(`FROM node:20-alpine AS deps
RUN apk add --no-cache \\
    # for node-gyp
    python3 make \\
    g++
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci

FROM node:20-alpine
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY . .
`),
    },
  ],
  [
    'an install without scripts, and a later command that builds the addons',
    'tied',
    {
      ...pinned,
      ...ignore,
      ...dockerfile(`FROM node:20
WORKDIR /app
COPY package*.json ./
RUN <<EOF
set -e
npm ci --ignore-scripts
npm rebuild profiler
EOF
COPY . .
`),
    },
  ],
  [
    'a website that is built with Node.js and served without it',
    'stable',
    {
      ...ignore,
      ...dockerfile(`FROM node:22-alpine AS build
WORKDIR /site
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM nginx:1.27
COPY --from=build /site/dist /usr/share/nginx/html
`),
    },
  ],
  [
    'compose with the project mounted and node_modules in a volume',
    'tied',
    {
      ...pinned,
      ...ignore,
      Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n',
      'compose.yaml': `services:
  web:
    build:
      context: .
      target: dev
    command: npm run dev
    volumes:
      - .:/app
      - /app/node_modules
    depends_on: [db]
  worker:
    image: node:20
    working_dir: /app
    volumes:
      - type: bind
        source: .
        target: /app
      - type: volume
        source: modules
        target: /app/node_modules/
  db:
    image: postgres:16-alpine
    volumes:
      - db:/var/lib/postgresql/data
volumes:
  db:
  modules:
`,
    },
  ],
  [
    'compose that mounts only sources, and other services that mount the project',
    'tied',
    {
      ...pinned,
      'docker-compose.yml': `version: "3.8"
x-base: &base
  image: node:\${NODE_VERSION:-20}-bookworm
services:
  app:
    <<: *base
    volumes: ["./src:/app/src:ro", "./config:/app/config"]
  web:
    image: nginx:alpine
    volumes:
      - .:/usr/share/nginx/html
  tools:
    image: node:20
    volumes: [".:/app"]
    tmpfs: /app/node_modules
`,
    },
  ],
  [
    'an override that adds the mount, and the base file that masks it',
    'tied',
    {
      ...pinned,
      'docker-compose.yml':
        'services:\n  app:\n    image: node:20\n    volumes:\n      - modules:/srv/node_modules\nvolumes:\n  modules:\n',
      'docker-compose.override.yml':
        'services:\n  app:\n    image: node:20\n    volumes:\n      - ./:/srv\n',
    },
  ],
  [
    'an image that declares node_modules a volume',
    'tied',
    {
      ...pinned,
      ...ignore,
      ...dockerfile(
        'FROM node:20\nWORKDIR /usr/src/app\nCOPY package.json .\nRUN npm install\nCOPY . .\nVOLUME ["/usr/src/app/node_modules"]\n',
      ),
      'compose.yml': 'services:\n  app:\n    build: .\n    volumes: [".:/usr/src/app"]\n',
    },
  ],
]
