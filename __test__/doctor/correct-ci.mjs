// Correct projects: workflows, pipelines and pins, in the form of correct.mjs.

const pinned = { '.nvmrc': '20\n' }
const dockerfile = (text) => ({ Dockerfile: text })
const workflow = (text) => ({ '.github/workflows/ci.yml': text })

export const correctInCi = [
  [
    'a workflow that takes the version from a file, and caches what npm downloads',
    'tied',
    {
      ...pinned,
      ...workflow(`name: CI
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version-file: .nvmrc
          cache: npm
      - run: npm ci
      - run: npm test
`),
    },
  ],
  [
    'a matrix of versions with the chosen one, and a separate cache for each version',
    'tied',
    {
      ...pinned,
      ...workflow(`on: push
jobs:
  test:
    strategy:
      fail-fast: false
      matrix:
        os: [ubuntu-latest, macos-latest, windows-latest]
        node: [18, 20, 22, lts/*]
    runs-on: \${{ matrix.os }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: \${{ matrix.node }}
      - id: modules
        uses: actions/cache@v4
        with:
          path: node_modules
          key: \${{ matrix.os }}-\${{ matrix.node }}-\${{ hashFiles('package-lock.json') }}
      - if: steps.modules.outputs.cache-hit != 'true'
        run: npm ci
      - run: npm test
`),
    },
  ],
  [
    'a cached node_modules, which npm ci deletes and installs again',
    'tied',
    {
      ...pinned,
      ...workflow(`on: push
env:
  NODE_VERSION: 20.x
jobs:
  test:
    runs-on: ubuntu-22.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: "\${{ env.NODE_VERSION }}" }
      - uses: actions/cache@v4
        with:
          path: |
            ~/.npm
            node_modules
          key: \${{ runner.os }}-\${{ hashFiles('**/package-lock.json') }}
      - run: npm ci
`),
    },
  ],
  [
    'a local action sets up the chosen Node.js; a job for the documentation uses another version',
    'tied',
    {
      ...pinned,
      '.github/actions/setup/action.yml': `name: setup
inputs:
  node-version:
    default: "20"
runs:
  using: composite
  steps:
    - uses: actions/setup-node@v4
      with:
        node-version: \${{ inputs.node-version }}
    - run: npm ci
      shell: bash
`,
      ...workflow(`on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: ./.github/actions/setup
      - run: npm test
  docs:
    runs-on: ubuntu-latest
    defaults:
      run:
        working-directory: docs
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci && npm run build
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@v4
        with:
          node-version: lts/*
      - run: npx semantic-release
`),
    },
  ],
  [
    'other sources of Node.js: a tool that reads the pin, a container, a self-hosted runner',
    'tied',
    {
      'mise.toml': '[tools]\nnode = "20"\n',
      ...workflow(`on: push
jobs:
  mise:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: jdx/mise-action@v2
      - run: npm ci
  container:
    runs-on: ubuntu-latest
    container: node:20-bookworm
    steps:
      - uses: actions/checkout@v4
      - run: npm ci
  own:
    runs-on: [self-hosted, linux]
    steps:
      - run: npm ci
  nvm:
    runs-on: ubuntu-latest
    steps:
      - run: |
          . ~/.nvm/nvm.sh
          nvm install
          npm ci
`),
    },
  ],
  [
    'GitLab with one image, and a cache of npm’s downloads',
    'tied',
    {
      ...pinned,
      '.gitlab-ci.yml': `image: node:20

cache:
  key:
    files:
      - package-lock.json
  paths:
    - .npm/

before_script:
  - npm ci --cache .npm --prefer-offline

stages: [test, deploy]

test:
  stage: test
  script:
    - npm test

pages:
  stage: deploy
  image: alpine:3.20
  before_script: []
  script: [echo done]
`,
    },
  ],
  [
    'GitLab with a cached node_modules, whose key contains the version',
    'tied',
    {
      '.node-version': 'v20.11.0\n',
      '.gitlab-ci.yml': `variables:
  NODE_VERSION: "20"
.node:
  image: node:$NODE_VERSION-bookworm
  cache:
    key: $NODE_VERSION-$CI_COMMIT_REF_SLUG
    paths: [node_modules/]
  before_script:
    - test -d node_modules || npm ci
test:
  extends: .node
  script: npm test
lint:
  extends: [.node]
  cache:
    key:
      files: [package-lock.json, .node-version]
    paths: [node_modules]
  script: npm run lint
`,
    },
  ],
  [
    'pins in several formats that require the same version',
    'tied',
    {
      '.nvmrc': 'lts/iron\n',
      '.node-version': 'v20.11.0\n',
      '.tool-versions': 'ruby 3.3.0\nnodejs 20.11.0\n',
      '.mise.toml': '[tools]\nnode = { version = "20" }\n',
      'package.json': {
        name: 'app',
        engines: { node: '>=18.17 <19 || ^20.3 || >=22' },
        volta: { node: '20.11.0' },
        devEngines: { runtime: { name: 'node', version: '^20' } },
      },
    },
  ],
  [
    'addons that use only Node-API, and no pinned Node.js',
    'stable',
    {
      'package.json': {
        name: 'app',
        engines: { node: '>=18' },
        dependencies: { bufferutil: '4', '@node-rs/crc32': '1' },
      },
      '.gitlab-ci.yml':
        'image: node:latest\ntest:\n  cache:\n    paths: [node_modules/]\n  script:\n    - npm install\n    - npm test\n',
      ...workflow(
        'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm ci\n      - run: npm test\n',
      ),
    },
  ],
  [
    'a project without native code, for which no rule of Docker and CI applies',
    'none',
    {
      ...dockerfile('FROM node:latest\nCOPY . .\nRUN npm install --ignore-scripts\n'),
      'compose.yaml': 'services:\n  app:\n    image: node\n    volumes: [".:/app"]\n',
      '.gitlab-ci.yml':
        'image: node\ntest:\n  cache: {paths: [node_modules]}\n  script: npm install\n',
    },
  ],
  [
    'a package of a monorepo that pins another Node.js',
    'tied',
    {
      ...pinned,
      '.dockerignore': '**/node_modules\n',
      'package.json': { name: 'all', workspaces: ['apps/*'], dependencies: { profiler: '1' } },
      'apps/web/package.json': { name: 'web', volta: { node: '22.1.0' } },
      'apps/web/Dockerfile': 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\n',
    },
  ],
]
