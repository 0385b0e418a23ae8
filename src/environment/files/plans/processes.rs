//! Files that start processes: systemd units, pm2's ecosystem files, Procfiles, `heroku.yml`.

use std::rc::Rc;

use super::objects;
use super::plan::{MOST, NodeChoice, Plan, PlannedBuild, Unit, arguments, script, size};
use crate::environment::files::budget::Budget;
use crate::environment::files::jsonc;
use crate::environment::files::shell::{Command, commands};
use crate::environment::files::spot::{FileError, Spot};
use crate::environment::files::yaml::{self, Node};

/// The maximum nesting of lists of commands.
const DEEPEST: usize = 8;

fn unit(title: String, starts: Vec<Command>) -> Unit {
    let node = starts.iter().find_map(of_path);
    Unit { title, runs_app: true, node, starts, ..Unit::default() }
}

/// The Node.js that the path of a program names: `/home/app/.nvm/versions/node/v20.1.0/bin/node`.
fn of_path(command: &Command) -> Option<NodeChoice> {
    let program = command.words.first()?;
    // pm2: `interpreter: 'node@20.1.0'`
    if let Some(version) = program.strip_prefix("node@") {
        return Some(NodeChoice::version(Spot::new(version, command.line), "", 3));
    }
    let folder = program.strip_suffix("/bin/node")?;
    let name = folder.rsplit('/').next()?;
    // nvm, fnm (`…/v20.1.0/installation`), asdf, mise, the archives of nodejs.org.
    let name = if name == "installation" { folder.rsplit('/').nth(1)? } else { name };
    let number = name.strip_prefix("node-").unwrap_or(name).trim_start_matches('v');
    let number = number.split('-').next()?;
    let is_version =
        number.contains('.') && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_version.then(|| NodeChoice::version(Spot::new(number, command.line), "", 3))
}

/// A unit of systemd (systemd.service(5), "COMMAND LINES"; systemd.exec(5), "Environment"). A unit
/// that doesn't start Node.js gives an empty plan.
///
/// # Errors
/// If the budget is exceeded.
pub fn systemd(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let mut starts = Vec::new();
    let mut variables: Vec<(String, String)> = Vec::new();
    let mut section = "";
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            continue;
        }
        if line.starts_with(['#', ';']) || section != "Service" || !budget.spend(line.len() + 16) {
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let mut value = value.trim().to_owned();
        while value.ends_with('\\') {
            value.pop();
            let Some((_, more)) = lines.next().filter(|(_, more)| budget.spend(more.len() + 16))
            else {
                break;
            };
            value.push_str(more.trim());
        }
        match key.trim() {
            // Prefixes like `-` and `@` change how systemd starts the program.
            "ExecStart" if starts.len() < MOST => {
                starts
                    .extend(commands(value.trim_start_matches(['-', '@', ':', '+', '!']), number));
            }
            "Environment" => {
                let words =
                    commands(&format!("- {value}"), number).into_iter().flat_map(|one| one.words);
                let pairs = words.filter_map(|word| {
                    word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
                });
                variables.extend(pairs.take(MOST));
            }
            _ => {}
        }
    }
    starts.retain(starts_node);
    for command in &mut starts {
        command.variables.extend_from_slice(&variables);
    }
    let units =
        if starts.is_empty() { Vec::new() } else { vec![unit("the service".to_owned(), starts)] };
    budget.checked(Plan { units, ..Plan::default() })
}

fn starts_node(command: &Command) -> bool {
    let name = command.words.first().and_then(|word| word.rsplit('/').next());
    matches!(name, Some("node" | "nodejs" | "npm" | "npx" | "yarn" | "pnpm" | "bun" | "deno"))
}

/// `Procfile` (Heroku Dev Center, "The Procfile"): a line for each process.
///
/// # Errors
/// If the budget is exceeded.
pub fn procfile(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let mut units = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if units.len() >= MOST || !budget.spend(line.len() + 16) {
            break;
        }
        let Some((name, command)) = line.split_once(':') else { continue };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let name = name.trim();
        // A release command runs once, before the app.
        if name.is_empty() || name == "release" || !name.chars().all(is_name) {
            continue;
        }
        units.push(unit(format!("process {name}"), commands(command, number)));
    }
    budget.checked(Plan { units, ..Plan::default() })
}

/// `heroku.yml` (Heroku Dev Center, "Building Docker Images with heroku.yml").
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn heroku(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = yaml::parse(text)?;
    let mut plan = Plan::default();
    let images = root.get("build").and_then(|node| node.get("docker")).map(|node| node.entries());
    for (_, _, image) in images.unwrap_or_default().iter().take(MOST) {
        let file = image.text().or_else(|| image.text_at(&["dockerfile"])).unwrap_or("Dockerfile");
        let context = image.text_at(&["context"]);
        let own = file.rsplit_once('/').map_or(".", |(folder, _)| folder);
        plan.builds.push(PlannedBuild {
            dockerfile: file.to_owned(),
            context: context.unwrap_or(own).to_owned(),
            arguments: Vec::new(),
        });
    }
    for (name, _, node) in root.entries_of("run") {
        if plan.units.len() >= MOST || !budget.spend_item() {
            break;
        }
        let node = node.get("command").unwrap_or(node);
        let mut starts = Vec::new();
        script(Some(node), &mut starts, DEEPEST, budget);
        plan.units.push(unit(format!("process {name}"), starts));
    }
    budget.checked(plan)
}

/// `ecosystem.config.js` and its forms in JSON and YAML (pm2 documentation, "Ecosystem File").
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn pm2(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let first = text.trim_start().chars().next();
    let root = match first {
        // An object or a list in JSON; a script begins with a word.
        Some('{' | '[') => jsonc::parse(text)?,
        _ if text.contains("module.exports") || text.contains("export default") => {
            objects::parse(text, budget)
        }
        _ => yaml::parse(text)?,
    };
    let apps = root.get("apps").cloned().unwrap_or(root);
    let one = [Rc::clone(&apps)];
    let list = if apps.entries().is_empty() { apps.list() } else { &one };
    let mut plan = Plan::default();
    let is_affordable = |app: &&Rc<Node>| budget.spend_item() && budget.spend(size(app, DEEPEST));
    for app in list.iter().take(MOST).take_while(is_affordable) {
        let Some(script) = app.get("script").and_then(|node| Some((node.text()?, node.line)))
        else {
            continue;
        };
        let name = app.text_at(&["name"]).unwrap_or(script.0);
        let text = |keys: &[&str]| {
            let found = keys.iter().find_map(|key| app.get(key))?;
            let words: Vec<&str> = found.list().iter().filter_map(|node| node.text()).collect();
            Some(words.join(" "))
        };
        let interpreter =
            text(&["interpreter", "exec_interpreter"]).filter(|name| !name.is_empty());
        let options = text(&["node_args", "nodeArgs", "interpreter_args", "interpreterArgs"]);
        let program = match interpreter.as_deref() {
            Some("none") => String::new(),
            Some(program) => program.to_owned(),
            None => "node".to_owned(),
        };
        let line = format!("{program} {} {}", options.unwrap_or_default(), script.0);
        let mut starts = commands(&line, script.1);
        let folder = app.text_at(&["cwd"]).map(str::to_owned);
        let options = app.text_at(&["env", "NODE_OPTIONS"]).map(str::to_owned);
        for command in &mut starts {
            command.folder.clone_from(&folder);
            command.variables.extend(options.clone().map(|text| ("NODE_OPTIONS".to_owned(), text)));
        }
        let mut unit = unit(format!("app {name}"), starts);
        // In a cluster, all apps run in the Node.js of pm2's daemon.
        let mode = app.text_at(&["exec_mode"]).unwrap_or_default();
        if mode.starts_with("cluster")
            || app.get("instances").is_some() && !mode.starts_with("fork")
        {
            unit.node = None;
        }
        plan.units.push(unit);
    }
    budget.checked(plan)
}

/// `devcontainer.json` (Dev Container metadata reference; the feature `node`). Its image may be
/// built from a Dockerfile.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn devcontainer(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = jsonc::parse(text)?;
    let mut plan = Plan::default();
    let build = root.get("build");
    let dockerfile = build.and_then(|build| build.text_at(&["dockerfile"]));
    if let Some(dockerfile) = dockerfile.or_else(|| root.text_at(&["dockerFile"])) {
        plan.builds.push(PlannedBuild {
            dockerfile: dockerfile.to_owned(),
            context: build.and_then(|build| build.text_at(&["context"])).unwrap_or(".").to_owned(),
            arguments: build.map_or_else(Vec::new, |build| arguments(build, "args")),
        });
    }
    let features = root.entries_of("features");
    let feature = features.iter().take(MOST).find_map(|(name, _, options)| {
        name.contains("/features/node:").then_some(())?;
        let version = options.get("version").unwrap_or(options);
        Some(NodeChoice::version(
            Spot::new(version.text()?, version.line),
            "\"version\": \"{}\"",
            3,
        ))
    });
    let image = root.get("image").and_then(|node| NodeChoice::image(node, "\"image\": \"{}\""));
    let mut found = Vec::new();
    for key in ["onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand"]
    {
        let Some(node) = root.get(key) else { continue };
        collect(node, &mut found, budget);
    }
    plan.units.push(Unit {
        title: "the dev container".to_owned(),
        runs_app: true,
        node: feature.or(image),
        commands: found,
        ..Unit::default()
    });
    budget.checked(plan)
}

/// A command: a text, the words of one command, or a map of commands that run in parallel.
fn collect(node: &Rc<Node>, found: &mut Vec<Command>, budget: &Budget) {
    if !budget.spend(size(node, DEEPEST)) {
        return;
    }
    if node.text().is_some() {
        script(Some(node), found, DEEPEST, budget);
    } else if node.entries().is_empty() {
        let words: Vec<&str> = node.list().iter().filter_map(|word| word.text()).collect();
        found.extend(commands(&words.join(" "), node.line));
    } else {
        for (_, _, one) in node.entries().iter().take(MOST) {
            if one.entries().is_empty() {
                collect(one, found, budget);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{devcontainer, heroku, pm2, procfile, systemd};
    use crate::environment::files::budget::Budget;
    use crate::environment::files::plans::plan::Unit;

    fn starts(unit: &Unit) -> Vec<String> {
        unit.starts.iter().map(|one| format!("{}: {}", one.line, one.words.join(" "))).collect()
    }

    fn version(unit: &Unit) -> Option<String> {
        unit.node.as_ref()?.values.clone()?.pop()
    }

    #[test]
    fn units_and_procfiles_give_their_commands() {
        let budget = Budget::default();
        let text = "[Unit]\nDescription=x\n[Service]\nEnvironment=\"NODE_OPTIONS=-r x\" A=b\nExecS\
            tart=-/root/.nvm/versions/node/v18.20.1/bin/node \\\n  /srv/a.js\nUser=x\n";
        let units = systemd(text, &budget).expect("a plan").units;
        assert_eq!(starts(&units[0]), ["5: /root/.nvm/versions/node/v18.20.1/bin/node /srv/a.js"]);
        assert_eq!(version(&units[0]).as_deref(), Some("18.20.1"));
        assert!(
            units[0].starts[0].variables.contains(&("NODE_OPTIONS".to_owned(), "-r x".to_owned()))
        );
        assert!(
            systemd("[Service]\nExecStart=/bin/nginx\n", &budget).expect("a plan").units.is_empty()
        );
        let units = procfile(
            "# x\nrelease: npm run migrate\nweb: NODE_ENV=production node a.js\nw\
            orker: npm run w\n",
            &budget,
        )
        .expect("a plan")
        .units;
        assert_eq!(
            units.iter().flat_map(starts).collect::<Vec<_>>(),
            ["3: node a.js", "4: npm run w"]
        );
        let plan =
            heroku("build: {docker: {web: docker/Dockerfile}}\nrun:\n  web: node a.js\n", &budget)
                .expect("a plan");
        assert_eq!(
            (plan.builds[0].context.as_str(), starts(&plan.units[0])),
            ("docker", vec!["3: node a.js".to_owned()])
        );
    }

    #[test]
    fn ecosystem_files_are_read_in_all_their_formats() {
        let budget = Budget::default();
        for text in [
            "module.exports = {\n  apps: [{\n    name: 'a', cwd: `./x`, instances: os.cpus().lengt\
                h,\n    script: './dist/a.js', node_args: ['-r', 'abi-guard/register'],\n  }]\n}\n",
            "{\"apps\": [{\n\"name\": \"a\", \"cwd\": \"./x\",\n\n\"script\": \"./dist/a.js\", \"n\
                ode_args\": \"-r abi-guard/register\"}]}",
            "apps:\n  - name: a\n    cwd: ./x\n    script: ./dist/a.js\n    node_args: -r abi-guar\
                d/register\n",
        ] {
            let units = pm2(text, &budget).expect("a plan").units;
            assert_eq!(units[0].title, "app a", "{text}");
            assert_eq!(starts(&units[0]), ["4: node -r abi-guard/register ./dist/a.js"], "{text}");
            assert_eq!(units[0].starts[0].folder.as_deref(), Some("./x"));
        }
    }

    #[test]
    fn dev_containers_give_the_version_and_the_commands() {
        let budget = Budget::default();
        let text = "{\n  // x\n  \"image\": \"mcr.microsoft.com/devcontainers/javascript-node:1-22\
            \",\n  \"postCreateCommand\": {\"a\": \"npm ci\", \"b\": [\"npm\", \"test\"]},\n}";
        let plan = devcontainer(text, &budget).expect("a plan");
        assert_eq!(plan.units[0].commands.len(), 2);
        assert_eq!(
            version(&plan.units[0]).as_deref(),
            Some("mcr.microsoft.com/devcontainers/javascript-node:1-22")
        );
        let text = "{\"build\": {\"dockerfile\": \"Dockerfile\", \"context\": \"..\"}, \"features\
            \": {\"ghcr.io/devcontainers/features/node:1\": {\"version\": \"20\"}}}";
        let plan = devcontainer(text, &budget).expect("a plan");
        assert_eq!(
            (version(&plan.units[0]).as_deref(), plan.builds[0].context.as_str()),
            (Some("20"), "..")
        );
    }
}
