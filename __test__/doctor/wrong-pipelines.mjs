// Projects that will fail: pipelines of other CI services, in the form of wrong.mjs.

const pinned = { '.nvmrc': '20\n' }
const differs = (place, part) => ['node-version-differs', place, 'warning', part]

export const wrongInPipelines = [
  [
    'CircleCI: another image, and node_modules in a cache without the version',
    'tied',
    {
      ...pinned,
      '.circleci/config.yml': `version: 2.1
defaults: &defaults
  docker:
    - image: cimg/node:18.20
jobs:
  test:
    <<: *defaults
    steps:
      - checkout
      - restore_cache:
          keys:
            - v1-{{ checksum "package-lock.json" }}
            - v1-
      - run: npm install
      - save_cache:
          key: v1-{{ checksum "package-lock.json" }}
          paths: [node_modules]
workflows: { all: { jobs: [test] } }
`,
    },
    [
      differs('.circleci/config.yml:4'),
      [
        'modules-cached',
        '.circleci/config.yml:12',
        'warning',
        '{{ arch }}-{{ checksum ".nvmrc" }}',
      ],
    ],
  ],
  [
    'CircleCI: node_modules in a workspace for another processor, and tests without scripts',
    'tied',
    {
      ...pinned,
      '.circleci/config.yml': `version: 2.1
jobs:
  build:
    docker: [{ image: cimg/node:20.11 }]
    steps:
      - run: npm ci --ignore-scripts
      - run: npm test
      - persist_to_workspace: { root: ., paths: [node_modules] }
  arm:
    docker: [{ image: cimg/node:20.11 }]
    resource_class: arm.medium
    steps:
      - attach_workspace: { at: . }
      - run: npm test
`,
    },
    [
      ['scripts-ignored', '.circleci/config.yml:6', 'warning', 'npm ci'],
      ['modules-shared', '.circleci/config.yml:13', 'error', 'npm ci'],
    ],
  ],
  [
    'Azure Pipelines: the Node.js of the agent, another version, and a cache without the version',
    'tied',
    {
      ...pinned,
      'azure-pipelines.yml': `pool: { vmImage: ubuntu-latest }
jobs:
  - job: agent
    steps:
      - script: npm ci
  - job: other
    steps:
      - task: NodeTool@0
        inputs:
          versionSpec: 22.x
      - task: Cache@2
        inputs:
          key: 'modules | "$(Agent.OS)" | package-lock.json'
          path: node_modules
      - script: npm install
`,
    },
    [
      ['node-not-pinned', 'azure-pipelines.yml:5', 'warning', 'UseNode@1'],
      differs('azure-pipelines.yml:10', "versionSpec: '20'"),
      ['modules-cached', 'azure-pipelines.yml:13', 'warning', '.nvmrc'],
    ],
  ],
  [
    'Azure Pipelines: a container with another version, and none of a matrix',
    'stable',
    {
      ...pinned,
      'azure-pipelines.yml': `stages:
  - stage: a
    jobs:
      - job: box
        pool: { vmImage: ubuntu-latest }
        container: node:18-bookworm
        steps: [{ bash: yarn }]
      - job: rows
        strategy: { matrix: { a: { v: '18' }, b: { v: '22' } } }
        pool: { vmImage: ubuntu-latest }
        steps:
          - task: UseNode@1
            inputs:
              version: $(v)
          - script: npm ci
      - job: default
        pool: { vmImage: ubuntu-latest }
        steps: [{ task: NodeTool@0 }, { script: npm ci }]
`,
    },
    [
      differs('azure-pipelines.yml:6', 'container: node:20-bookworm'),
      differs('azure-pipelines.yml:14'),
      differs('azure-pipelines.yml:18', "versionSpec: '20'"),
    ],
  ],
  [
    'Bitbucket: another image, and the predefined cache',
    'tied',
    {
      ...pinned,
      'bitbucket-pipelines.yml': `image: node:22
pipelines:
  default:
    - step:
        caches:
          - node
        script:
          - npm install
          - npm test
`,
    },
    [
      differs('bitbucket-pipelines.yml:1', 'image: node:20'),
      ['modules-cached', 'bitbucket-pipelines.yml:6', 'warning', 'package-lock.json'],
    ],
  ],
  [
    'Bitbucket: node_modules as an artifact for Alpine',
    'tied',
    {
      ...pinned,
      'bitbucket-pipelines.yml': `image: node:20
pipelines:
  default:
    - step: { name: Build, script: [npm ci], artifacts: ['node_modules/**'] }
    - step:
        name: Test
        image: node:20-alpine
        script: [npm test]
`,
    },
    [['modules-shared', 'bitbucket-pipelines.yml:6', 'error', 'npm ci']],
  ],
  [
    'Jenkins: another image',
    'tied',
    {
      ...pinned,
      Jenkinsfile: `pipeline {
  agent {
    docker {
      image 'node:18'
    }
  }
  stages { stage('test') { steps { sh 'npm ci' } } }
}
`,
    },
    [differs('Jenkinsfile:4', "image 'node:20'")],
  ],
  [
    'Jenkins: an image that changes, in the agent of a stage, and a stash for another libc',
    'tied',
    {
      ...pinned,
      Jenkinsfile: `pipeline {
  agent none
  stages {
    stage('build') {
      agent { docker 'node:lts' }
      steps {
        sh 'npm ci'
        stash name: 'modules', includes: 'node_modules/**'
      }
    }
    stage('test') {
      agent { docker 'node:20-alpine' }
      steps {
        unstash 'modules'
        sh 'npm test'
      }
    }
  }
}
`,
    },
    [
      ['node-not-pinned', 'Jenkinsfile:5', 'warning', "image 'node:20'"],
      ['modules-shared', 'Jenkinsfile:14', 'error', 'npm ci'],
    ],
  ],
  [
    'GitHub: tests without install scripts, and node_modules for another system',
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
      - run: npm ci --ignore-scripts
      - run: npm test
      - uses: actions/upload-artifact@v5
        with: { name: modules, path: node_modules }
  mac:
    runs-on: macos-latest
    needs: build
    steps:
      - uses: actions/download-artifact@v5
        with: { name: modules, path: node_modules }
      - run: npm test
`,
    },
    [
      ['scripts-ignored', '.github/workflows/ci.yml:8', 'warning', 'npm ci'],
      ['modules-shared', '.github/workflows/ci.yml:17', 'error', 'npm ci'],
    ],
  ],
]
