//! Files of CI services and hosts with many kinds of damage: no reader may panic or exceed its
//! time.

use std::time::Instant;

use super::Service;
use crate::environment::files::budget::Budget;
use crate::environment::files::damage::damaged;

const YAML: &str = "version: 2.1\nx: &x [{image: 'node:<< parameters.v >>'}]\nexecutors: {e: \
    {parameters: {v: {default: '20'}}, docker: *x}}\ncommands:\n  c: {parameters: {k: {}}, steps: \
    [{restore_cache: {keys: [a]}}, {run: npm ci}]}\njobs:\n  t:\n    executor: {name: e, v: << \
    parameters.w >>}\n    steps:\n      - c: {k: b}\n      - run: |\n          npm ci\n  - job: \
    a\n    strategy: {matrix: {a: {v: '20'}}}\n    steps:\n      - task: Cache@2\n        inputs: \
    {key: a, path: node_modules}\n      - ${{ if x }}:\n        - script: npm i\npipelines:\n  \
    default:\n    - step: {image: node:20, caches: [node], script: [npm ci]}\n    - parallel: \
    {steps: [{step: {script: [x]}}]}\nprovider: {name: aws, runtime: '${self:x.y}'}\nfunctions: \
    {a: {architecture: arm64}}\nResources: {A: {Type: AWS::Lambda::Function, Properties: {Runtime: \
    !Ref R}}}\nservices:\n  - {runtime: node, envVars: [{key: NODE_VERSION, value: 20}]}\nruntime: \
    nodejs20\nworkflows: {w: {jobs: [{t: {matrix: {parameters: {w: ['1', '2']}}}}]}}\n";
const TOML: &str = "[build]\ncommand = 'npm ci'\nimage = \"node:20\"\n[build.environment]\n\
    NODE_VERSION = '20'\n[build.args]\na.b = {c = [1, {d = '''x'''}]}\n[[phases]]\n\
    [phases.setup]\nnixPkgs = ['nodejs_20']\n[start]\ncmd = \"\"\"x\"\"\"\n";
const JSON: &str = "{\n // c\n \"image\": \"node:20\", /* x */ \"build\": {\"args\": {\"A\": \
    \"b\"}},\n \"features\": {\"g/features/node:1\": {\"version\": \"20\"}},\n \
    \"postCreateCommand\": {\"a\": [\"npm\", \"ci\"]}, \"apps\": [{\"script\": \"a\"}],\n}\n";
const GROOVY: &str = "pipeline {\n agent { docker { image \"node:${V}\" } }\n environment { V = \
    '20' }\n stages {\n  stage('a') { steps { dir('x') { sh '''npm ci''' }; sh(script: \"x\\\"y\", \
    a: [1]) } }\n  stage('b') { matrix { axes { axis { name 'N'; values '1', '2' } } } }\n }\n}\n";
const SCRIPT: &str = "const a = {b: 1}\nmodule.exports = {\n apps: [{ name: `a`, script: './a.js', \
    ...a, env: { NODE_OPTIONS: '-r x' }, f: () => ({ x: /[}]/ }) }],\n}\n";
const UNIT: &str = "[Service]\nEnvironment=\"A=b\" C=d\nExecStart=-/x/v20.1.0/bin/node \\\n \
    a.js\nweb: node a.js\n";

fn read(text: &str) {
    for service in Service::ALL {
        let _ = service.parse(text, &Budget::default());
    }
}

#[test]
fn damaged_files_are_read_or_give_an_error() {
    let started = Instant::now();
    for original in [YAML, TOML, JSON, GROOVY, SCRIPT, UNIT] {
        for text in damaged(original, 250) {
            read(&text);
        }
    }
    assert!(started.elapsed().as_secs() < 60);
}

/// Files that would need gigabytes or hours if their parameters, matrices and commands were
/// expanded
/// completely.
fn bombs() -> Vec<(&'static str, String)> {
    let lines =
        |count: usize, line: &dyn Fn(usize) -> String| -> String { (0..count).map(line).collect() };
    let pieces =
        ["{", "[", "a.", "'", "\"", "a {", "${", "$(", "<<", "a=", "\\\n", "/*", "- step:\n  "];
    let mut all: Vec<(&'static str, String)> =
        pieces.iter().map(|piece| (*piece, piece.repeat(500_000 / piece.len()))).collect();
    all.extend([
        (
            "commands in commands",
            format!(
                "commands:\n{}jobs: {{a: {{steps: [{}]}}}}\n",
                lines(40, &|n| {
                    let inner = vec![format!("c{}", n + 1); 60].join(", ");
                    format!("  c{n}: {{steps: [{inner}]}}\n")
                }),
                vec!["c0"; 400].join(", ")
            ),
        ),
        (
            "parameters",
            format!(
                "jobs:\n  a:\n    parameters: {{v: {{default: x}}}}\n    docker: [{{image: \
                    '{}'}}]\nworkflows:\n  w:\n    jobs: [{{a: {{matrix: {{parameters: \
                    {{v: [{}]}}}}}}}}]\n",
                "<< parameters.v >>".repeat(5000),
                vec!["abcdefgh"; 60].join(", ")
            ),
        ),
        (
            "parameters that double",
            format!(
                "executors:\n{}jobs: {{a: {{executor: {{name: e0, p: xxxxxxxx}}}}}}\n",
                lines(60, &|n| format!(
                    "  e{n}: {{parameters: {{p: {{default: a}}}}, executor: {{name: e{}, p: '<< pa\
                        rameters.p >><< parameters.p >>'}}}}\n",
                    n + 1
                ))
            ),
        ),
        (
            "a matrix of Azure",
            format!(
                "strategy:\n  matrix:\n{}steps: [{{task: NodeTool@0, inputs: {{versionSpec: '{}'}}\
                    }}, {{script: npm ci}}]\n",
                lines(2000, &|n| format!("    r{n}: {{a: xxxxxxxxxxxxxxxxxxxxxxxx}}\n")),
                "$(a)".repeat(3000)
            ),
        ),
        (
            "jobs of Azure",
            format!(
                "variables: &v\n{}jobs:\n{}",
                lines(10_000, &|n| format!("  v{n}: x\n")),
                "  - {job: a, variables: *v, steps: [{script: npm ci}]}\n".repeat(5000)
            ),
        ),
        (
            "groups of Bitbucket",
            format!(
                "x: &a0 [{{step: {{script: [npm ci]}}}}]\n{}pipelines: {{default: *a30}}\n",
                lines(30, &|n| format!(
                    "y{n}: &a{} [{}]\n",
                    n + 1,
                    vec![format!("{{parallel: *a{n}}}"); 20].join(", ")
                ))
            ),
        ),
        (
            "stages of Jenkins",
            format!("pipeline {{ {}", "stage('a') { sh 'npm ci' } ".repeat(18_000)),
        ),
        (
            "variables of Jenkins",
            format!(
                "pipeline {{ environment {{ {} }} {} }}",
                lines(15_000, &|n| format!("V{n} = '${{V{}}}${{V{}}}'; ", n + 1, n + 1)),
                "stage('a') { agent { docker { image \"node:$V0\" } } steps { sh 'x' } } "
                    .repeat(64)
            ),
        ),
        (
            "long texts by alias",
            format!(
                "x: &x {{run: '{}', script: '{}'}}\njobs:\n{}",
                "npm ci; ".repeat(20_000),
                "npm ci; ".repeat(20_000),
                lines(64, &|n| format!("  j{n}: {{steps: [{}]}}\n", vec!["*x"; 400].join(", ")))
            ),
        ),
        (
            "stages of Azure",
            format!(
                "variables:\n{}x: &j [{}]\nstages: [{}]\n",
                lines(10_000, &|n| format!("  v{n}: x\n")),
                vec!["{job: a, steps: [{script: npm ci}]}"; 64].join(", "),
                vec!["{stage: a, jobs: *j}"; 64].join(", ")
            ),
        ),
        (
            "long defaults",
            format!(
                "x: &x {{default: '{}'}}\ny: &p {{{}}}\njobs:\n{}",
                "x".repeat(300_000),
                lines(64, &|n| format!("p{n}: *x, ")),
                lines(64, &|n| format!("  j{n}: {{parameters: *p, steps: [checkout]}}\n"))
            ),
        ),
        (
            "caches by alias",
            format!(
                "x: &r {{restore_cache: {{keys: [a]}}}}\ny: &s {{save_cache: {{key: a, paths: \
                    [{}]}}}}\njobs:\n{}",
                vec!["node_modules"; 60].join(", "),
                lines(64, &|n| format!(
                    "  j{n}: {{steps: [{}]}}\n",
                    vec!["*r, *s"; 200].join(", ")
                ))
            ),
        ),
        (
            "apps of pm2",
            format!(
                "module.exports = {{apps: [{}]}}",
                "{script: 'a.js', node_args: '-\
            r b'},"
                    .repeat(14_000)
            ),
        ),
        (
            "functions",
            format!(
                "provider: {{name: aws, runtime: nodejs20.x}}\nplugins: [{}]\nfunctions:\n{}",
                vec!["a"; 20_000].join(", "),
                lines(20_000, &|n| format!("  f{n}: {{handler: a}}\n"))
            ),
        ),
    ]);
    all
}

/// Time limit for one file with all readers in milliseconds, for a build without much optimization
/// on a busy computer.
const PATIENCE: u128 = 6000;

#[test]
fn no_file_costs_more_than_its_share() {
    for (name, text) in bombs() {
        assert!(text.len() <= 2 << 20, "{name}");
        let started = Instant::now();
        read(&text);
        assert!(started.elapsed().as_millis() < PATIENCE, "{name}: {:?}", started.elapsed());
    }
}
