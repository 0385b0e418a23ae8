// Projects that will fail: workflows, pipelines and pins, in the form of wrong.mjs.

const pinned = { '.nvmrc': '20\n' }
const workflow = (text) => ({ '.github/workflows/ci.yml': text })

export const wrongInCi = [
  [
    'a workflow that uses the Node.js of the runner',
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
    'jobs with version names that change their meaning, and one without a version',
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
    'a job with another version than the chosen one, and a matrix without the chosen one',
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
    'a cache of node_modules, whose key doesn’t contain the version',
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
    'runners with different systems share one cache',
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
    'GitLab: the image node:latest for all jobs, and a node_modules cached per branch',
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
    'GitLab: an install that is skipped if node_modules exists, and an image that differs from the pin',
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
