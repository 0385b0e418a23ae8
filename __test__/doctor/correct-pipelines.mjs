// Correct projects: pipelines of other CI services, in the form of correct.mjs.

const pinned = { '.nvmrc': '20\n' }

export const correctInPipelines = [
  [
    'CircleCI with the pinned image and a cache of downloads',
    'tied',
    {
      ...pinned,
      '.circleci/config.yml': `version: 2.1
orbs: { node: circleci/node@7 }
executors:
  default:
    docker: [{ image: cimg/node:20.11 }, { image: cimg/postgres:16.2 }]
jobs:
  test:
    executor: default
    steps:
      - checkout
      - restore_cache: { keys: ['npm-v1-{{ checksum "package-lock.json" }}', npm-v1-] }
      - run: npm ci
      - save_cache: { key: 'npm-v1-{{ checksum "package-lock.json" }}', paths: [~/.npm] }
      - persist_to_workspace: { root: ., paths: [node_modules] }
  e2e:
    docker: [{ image: 'cimg/node:20.11-browsers' }]
    steps: [{ attach_workspace: { at: . } }, { run: npm run e2e }]
workflows: { all: { jobs: [test, { e2e: { requires: [test] } }] } }
`,
    },
  ],
  [
    'CircleCI with a matrix, and the version in the key of node_modules',
    'tied',
    {
      ...pinned,
      '.circleci/config.yml': `version: 2.1
jobs:
  test:
    parameters: { node: { type: string } }
    docker: [{ image: 'cimg/node:<< parameters.node >>' }]
    steps:
      - checkout
      - restore_cache: { key: 'v1-<< parameters.node >>-{{ checksum "package-lock.json" }}' }
      - run: npm install
      - save_cache: { key: 'v1-<< parameters.node >>-{{ checksum "package-lock.json" }}', paths: [node_modules] }
workflows: { all: { jobs: [{ test: { matrix: { parameters: { node: ['18.20', '20.11', '22.3'] } } } }] } }
`,
    },
  ],
  [
    'Azure Pipelines with the version from a file, and a job without packages',
    'tied',
    {
      ...pinned,
      'azure-pipelines.yml': `pool: { vmImage: ubuntu-latest }
jobs:
  - job: test
    steps:
      - task: UseNode@1
        inputs: { version: 20.x }
      - task: Cache@2
        inputs: { key: 'npm | "$(Agent.OS)" | package-lock.json', path: $(Pipeline.Workspace)/.npm }
      - script: npm ci
  - job: docs
    steps: [{ script: python3 build.py }]
  - job: own
    pool: Own
    steps: [{ script: npm ci }]
`,
    },
  ],
  [
    'Azure Pipelines with a container and a matrix that contains the version',
    'stable',
    {
      ...pinned,
      'azure-pipelines.yml': `strategy:
  matrix:
    old: { node_version: 18.x }
    new: { node_version: 20.x }
pool: { vmImage: windows-latest }
steps:
  - task: NodeTool@0
    inputs: { versionSpec: $(node_version) }
  - task: Npm@1
    inputs: { command: ci }
`,
    },
  ],
  [
    'Bitbucket with a cache whose key has the version',
    'tied',
    {
      ...pinned,
      'bitbucket-pipelines.yml': `image: node:20
definitions:
  caches:
    modules: { key: { files: [package-lock.json, .nvmrc] }, path: node_modules }
pipelines:
  default:
    - step: { caches: [modules], script: [npm install, npm test] }
  pull-requests:
    '**': [{ step: { caches: [node], script: [npm ci, npm test] } }]
`,
    },
  ],
  [
    'Bitbucket with artifacts between steps of one image',
    'tied',
    {
      ...pinned,
      'bitbucket-pipelines.yml': `image: { name: 'node:20-slim' }
pipelines:
  branches:
    main:
      - step: { name: Build, script: [npm ci], artifacts: ['node_modules/**'] }
      - parallel: [{ step: { script: [npm test] } }, { step: { script: [npm run lint] } }]
`,
    },
  ],
  [
    'Jenkins with the pinned image, and a scripted pipeline',
    'tied',
    {
      ...pinned,
      Jenkinsfile: `pipeline {
  agent { docker { image 'node:20-slim' } }
  stages {
    stage('test') { steps { sh 'npm ci'; sh 'npm test' } }
    stage('deploy') { agent { docker { image 'alpine' } } steps { sh './deploy.sh' } }
  }
}
`,
      'ci/Jenkinsfile': "node('linux') { stage('x') { sh 'npm install' } }\n",
    },
  ],
  [
    'Jenkins with a tool whose version is in its settings',
    'tied',
    {
      ...pinned,
      Jenkinsfile: `pipeline {
  agent any
  tools { nodejs 'Node 20' }
  stages { stage('test') { steps { sh 'npm ci' } } }
}
`,
    },
  ],
  [
    'a job that lints only, without install scripts',
    'tied',
    {
      ...pinned,
      '.github/workflows/lint.yml': `on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@v6
        with: { node-version-file: .nvmrc }
      - run: npm ci --ignore-scripts
      - run: npm run lint
`,
    },
  ],
  [
    'node_modules as an artifact for a job on the same system, and for one that installs again',
    'tied',
    {
      ...pinned,
      '.github/workflows/ci.yml': `on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@v6
        with: { node-version-file: .nvmrc }
      - run: npm ci
      - uses: actions/upload-artifact@v5
        with: { name: app, path: . }
  test:
    needs: build
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/download-artifact@v5
        with: { name: app }
      - run: npm test
  mac:
    needs: build
    runs-on: macos-latest
    steps:
      - uses: actions/download-artifact@v5
        with: { name: app }
      - uses: actions/setup-node@v6
        with: { node-version-file: .nvmrc }
      - run: npm ci && npm test
`,
    },
  ],
]
