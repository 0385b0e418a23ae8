use super::super::budget::Budget;
use super::{Actions, Values, Workflow};

fn parse(text: &str, action: &dyn Fn(&str) -> Option<String>) -> Option<Workflow> {
    super::parse(text, &Actions::new(action), &Budget::default()).ok()
}

fn known(values: &Values) -> Option<Vec<&str>> {
    values.known.as_ref().map(|known| known.iter().map(String::as_str).collect())
}

#[test]
fn inputs_are_resolved_through_matrix_and_environment() {
    let text = "on: push\nenv:\n  NODE: 20\n  ALIAS: ${{ env.NODE }}\njobs:\n  test:\n    runs-on: \
        ${{ matrix.os }}\n    strategy:\n      matrix:\n        os: [ubuntu-latest, macos-latest]\n\
                \x20       node: [18, 20.x]\n        config:\n          - {v: 1}\n          - {v: \
                2}\n        include:\n          - node: 22\n            extra: x\n    steps:\n\
                \x20     - uses: actions/setup-node@v4\n        with:\n          node-version: ${{ \
                matrix.node }}\n          a: ${{ env.ALIAS }}\n          b: v${{ \
                matrix['config'].v }}-${{ env.NODE }}\n\
                \x20         c: ${{ vars.X }}\n          d: ${{ matrix.absent || '24' \
                }}\n          Cache: npm\n      - run: |\n          npm ci\n          npm \
                test\n        if: always()\n        working-directory: ./web/\n";
    let workflow = parse(text, &|_| None).expect("a workflow");
    let [job] = workflow.jobs.as_slice() else { unreachable!("{workflow:?}") };
    assert_eq!(known(&job.runners), Some(vec!["ubuntu-latest", "macos-latest"]));
    let [setup, run] = job.steps.as_slice() else { unreachable!("{job:?}") };
    assert_eq!(setup.action.as_deref(), Some("actions/setup-node"));
    let value = |name: &str| {
        setup
            .input(name)
            .map(|setting| (known(&setting.values), setting.values.of_matrix, setting.written.line))
    };
    assert_eq!(value("node-version"), Some((Some(vec!["18", "20.x", "22"]), true, 21)));
    assert_eq!(value("a"), Some((Some(vec!["20"]), false, 22)));
    assert_eq!(value("b"), Some((Some(vec!["v1-20", "v2-20"]), true, 23)));
    assert_eq!(value("c"), Some((None, false, 24)));
    assert_eq!(value("d"), Some((None, true, 25)));
    assert_eq!(value("cache"), Some((Some(vec!["npm"]), false, 26)));
    let told: Vec<_> =
        run.commands.iter().map(|command| (command.line, command.words.join(" "))).collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[1].1, "npm test");
    assert_eq!((run.folder.as_deref(), run.condition.as_deref()), (Some("web"), Some("always()")));
}

#[test]
fn steps_of_local_actions_replace_their_call() {
    let action = "inputs:\n  node-version:\n    default: '22'\nruns:\n  using: composite\n  \
        steps:\n    - uses: actions/setup-node@v4\n      with:\n\
                  \x20       node-version: ${{ inputs.node-version }}\n    - run: npm ci\n      \
                  shell: bash\n    - uses: ./.github/actions/setup\n";
    let text = "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: \
        ./.github/actions/setup\n  b:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: \
        ./.github/actions/setup\n        with: {node-version: 20}\n";
    let workflow =
        parse(text, &|path| (path == "./.github/actions/setup").then(|| action.to_owned()))
            .expect("a workflow");
    let versions = |number: usize| -> Vec<_> {
        let settings =
            workflow.jobs[number].steps.iter().filter_map(|step| step.input("node-version"));
        settings.map(|setting| (known(&setting.values), setting.written.line)).collect()
    };
    assert_eq!(versions(0)[0], (Some(vec!["22"]), 5));
    assert_eq!(versions(1)[0], (Some(vec!["20"]), 9));
    assert!(workflow.jobs[0].steps.iter().any(|step| step.is_inlined && !step.commands.is_empty()));
}

#[test]
fn unexpected_structures_are_not_workflows() {
    for text in [
        "",
        "jobs:",
        "jobs: x",
        "jobs: {a: b}",
        "jobs: {a: {steps: x, strategy: {matrix: '${{ x }}'}}}",
        "jobs: [a]",
        "x: ${{",
    ] {
        assert!(parse(text, &|_| None).is_some(), "{text}");
    }
}
