// Projects that will fail: workflows, pipelines and pins, in the form of wrong.mjs.

const pinned = { '.nvmrc': '20\n' }
const workflow = (text) => ({ '.github/workflows/ci.yml': text })

export const wrongInCi = [
  [
    'a workflow without a Node.js of its own',
    'tied',
    workflow(`on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          npm ci
          npm test
`),
    [['node-not-pinned', '.github/workflows/ci.yml:8', 'warning', 'node-version: 20']],
  ],
  [
    'a workflow with names that move, and one without any version',
    'tied',
    {
      ...pinned,
      ...workflow(`on: push
env: { NODE: node }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@v4
        with:
          node-version: lts/*
      - run: npm ci
  b:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@v4
        with:
          node-version: \${{ env.NODE }}
      - run: yarn
  c:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@v4
      - run: pnpm install
`),
    },
    [
      ['node-not-pinned', '.github/workflows/ci.yml:9', 'warning', 'node-version-file: .nvmrc'],
      ['node-not-pinned', '.github/workflows/ci.yml:16', 'warning'],
      ['node-not-pinned', '.github/workflows/ci.yml:21', 'warning'],
    ],
  ],
  [
    'a workflow with another version, and a matrix without the chosen one',
    'stable',
    {
      '.tool-versions': 'nodejs 20.11.0\n',
      ...workflow(`on: push
jobs:
  e2e:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@v4
        with: { node-version: 18.x }
      - run: npm ci
  test:
    strategy:
      matrix:
        node-version: [16, 18]
        include: [{ node-version: 22 }]
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@v4
        with:
          node-version: \${{ matrix.node-version }}
      - run: npm ci
`),
    },
    [
      [
        'node-version-differs',
        '.github/workflows/ci.yml:7',
        'warning',
        'node-version-file: .tool-versions',
      ],
      ['node-version-differs', '.github/workflows/ci.yml:18', 'warning'],
    ],
  ],
  [
    'a cache of node_modules that outlives its Node.js',
    'tied',
    {
      ...pinned,
      'package-lock.json': '{}',
      ...workflow(`on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@v4
        with:
          node-version-file: .nvmrc
      - name: Cache
        id: cache
        uses: actions/cache@v4
        with:
          path: |
            * */node_modules
          key: \${{ runner.os }}-node-\${{ hashFiles('**/package-lock.json') }}
          restore-keys: \${{ runner.os }}-node-
      - if: steps.cache.outputs.cache-hit != 'true'
        run: npm ci
`),
    },
    [
      [
        'modules-cached',
        '.github/workflows/ci.yml:15',
        'warning',
        "hashFiles('.nvmrc', 'package-lock.json')",
      ],
    ],
  ],
  [
    'a matrix of versions shares one cache',
    'tied',
    {
      ...workflow(`on: push
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix: { node: [20, 22] }
    steps:
      - uses: actions/setup-node@v4
        with:
          node-version: \${{ matrix.node }}
      - uses: actions/cache@v4
        with:
          path: node_modules
          key: modules-\${{ hashFiles('package-lock.json') }}
      - run: npm install
`),
    },
    [['modules-cached', '.github/workflows/ci.yml:14', 'error', 'matrix.node']],
  ],
  [
    'runners of different kinds share one cache',
    'stable',
    workflow(`on: push
jobs:
  test:
    strategy:
      matrix:
        os: [ubuntu-latest, macos-latest]
    runs-on: \${{ matrix.os }}
    steps:
      - uses: actions/setup-node@v4
        with: { node-version: 20 }
      - uses: actions/cache@v4
        with:
          path: node_modules
          key: modules-\${{ hashFiles('pnpm-lock.yaml') }}
      - run: pnpm install
`),
    [['modules-cached', '.github/workflows/ci.yml:14', 'error', 'runner.arch']],
  ],
  [
    'GitLab: the newest image for all jobs, and node_modules kept for a branch',
    'tied',
    {
      '.gitlab-ci.yml': `image: node:latest

cache:
  key: \${CI_COMMIT_REF_SLUG}
  paths:
    - node_modules/

before_script:
  - npm install

test:
  script: npm test
lint:
  script: npm run lint
`,
    },
    [
      ['node-not-pinned', '.gitlab-ci.yml:1', 'warning', 'image: node:20'],
      ['modules-cached', '.gitlab-ci.yml:4', 'warning', '- package-lock.json'],
    ],
  ],
  [
    'GitLab: an install that is left out when node_modules is there, another image than the pin',
    'tied',
    {
      ...pinned,
      '.gitlab-ci.yml': `default:
  image: node:22-bookworm
  cache:
    - key:
        files:
          - package-lock.json
      paths:
        - node_modules
  before_script:
    - test -d node_modules || npm ci
build:
  script: npm run build
`,
    },
    [
      ['node-version-differs', '.gitlab-ci.yml:2', 'warning', 'image: node:20-bookworm'],
      ['modules-cached', '.gitlab-ci.yml:4', 'warning', '- .nvmrc'],
    ],
  ],
  [
    'pins that contradict each other',
    'none',
    {
      '.nvmrc': 'v20.11.0\n',
      '.tool-versions': 'python 3.12.0\nnodejs 22.3.0\n',
      'package.json':
        '{\n  "engines": {\n    "node": ">=22"\n  },\n  "volta": {\n    "node": "20.12.0"\n  }\n}\n',
    },
    [
      ['pins-contradict', '.tool-versions:2', 'warning', 'nodejs 20.11.0'],
      ['pins-contradict', 'package.json:3', 'warning'],
      ['pins-contradict', 'package.json:6', 'note', '"node": "20.11.0"'],
    ],
  ],
]
