//! Hosts that install the packages themselves: Vercel, Netlify, Render, Fly.io, Nixpacks (Railway),
//! Google App Engine. The comment of each reader names the pages of the documentation.

use std::rc::Rc;

use super::plan::{
    How, MOST, NodeChoice, Plan, PlannedBuild, System, Unit, arguments, script, texts,
};
use crate::environment::files::budget::Budget;
use crate::environment::files::shell::{Command, commands};
use crate::environment::files::spot::{FileError, Spot};
use crate::environment::files::yaml::{self, Node};
use crate::environment::files::{jsonc, toml};
use crate::model::{Arch, Libc, Platform};

/// The maximum nesting of lists of commands.
const DEEPEST: usize = 8;

/// Linux with glibc on x64.
fn glibc() -> Vec<System> {
    let system =
        System { platform: Platform::Linux, arch: Some(Arch::X64), libc: Some(Libc::Glibc) };
    vec![system]
}

/// The commands below `node` at each of `keys`.
fn all_commands(node: &Node, keys: &[&str], budget: &Budget) -> Vec<Command> {
    let mut found = Vec::new();
    for key in keys {
        script(node.get(key), &mut found, DEEPEST, budget);
    }
    found
}

/// `vercel.json` ("Static Configuration with vercel.json": `installCommand`, `buildCommand`). The
/// version of Node.js is that of `engines` in package.json, or a setting of the project.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn vercel(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = jsonc::parse(text)?;
    let unit = Unit {
        title: "the deployment".to_owned(),
        runs_app: true,
        systems: glibc(),
        commands: all_commands(&root, &["installCommand", "buildCommand"], budget),
        ..Unit::default()
    };
    budget.checked(Plan { units: vec![unit], ..Plan::default() })
}

/// `netlify.toml` ("File-based configuration", "Manage build dependencies": `NODE_VERSION`,
/// `NPM_FLAGS`).
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn netlify(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = toml::parse(text)?;
    let mut plan = Plan::default();
    let mut add = |title: String, build: Option<&Rc<Node>>, settings: &Rc<Node>| {
        let environment = settings.get("environment");
        let version = environment.and_then(|node| {
            NodeChoice::version_at(node, "NODE_VERSION", "NODE_VERSION = \"{}\"", 3)
        });
        let mut found = Vec::new();
        for (name, manager) in
            [("NPM_FLAGS", "npm install"), ("YARN_FLAGS", "yarn"), ("PNPM_FLAGS", "pnpm install")]
        {
            if let Some((line, flags)) = environment.and_then(|node| node.entry(name)) {
                found.extend(commands(
                    &format!("{manager} {}", flags.text().unwrap_or_default()),
                    line,
                ));
            }
        }
        script(build.and_then(|node| node.get("command")), &mut found, DEEPEST, budget);
        plan.units.push(Unit {
            title,
            runs_app: true,
            node: version,
            // The build replaces the variable by the text of such a file.
            prefers: &[".nvmrc", ".node-version"],
            systems: glibc(),
            commands: found,
            ..Unit::default()
        });
    };
    if let Some(build) = root.get("build") {
        add("the build".to_owned(), Some(build), build);
    }
    let contexts = root.entries_of("context");
    for (name, _, context) in contexts.iter().take(MOST).take_while(|_| budget.spend_item()) {
        add(format!("context {name}"), Some(context), context);
    }
    budget.checked(plan)
}

/// `render.yaml` ("Blueprint YAML Reference", "Setting Your Node.js Version").
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn render(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = yaml::parse(text)?;
    let mut plan = Plan::default();
    for service in root.list_of("services") {
        if plan.units.len() >= MOST || !budget.spend_item() {
            break;
        }
        let kind = service.text_at(&["runtime"]).or_else(|| service.text_at(&["env"]));
        let name = service.text_at(&["name"]).unwrap_or("without a name");
        if kind == Some("docker") {
            let text = |key: &str, default: &str| {
                service.text_at(&[key]).unwrap_or(default).trim_start_matches("./").to_owned()
            };
            plan.builds.push(PlannedBuild {
                dockerfile: text("dockerfilePath", "Dockerfile"),
                context: text("dockerContext", "."),
                arguments: Vec::new(),
            });
            continue;
        }
        if kind != Some("node") {
            continue;
        }
        let variables = service.list_of("envVars");
        let version = variables.iter().take(MOST).find_map(|variable| {
            (variable.text_at(&["key"]) == Some("NODE_VERSION")).then_some(())?;
            NodeChoice::version_at(variable, "value", "- key: NODE_VERSION\n  value: '{}'", 3)
        });
        plan.units.push(Unit {
            title: format!("service {name}"),
            runs_app: true,
            node: version,
            systems: glibc(),
            commands: all_commands(service, &["buildCommand", "preDeployCommand"], budget),
            starts: all_commands(service, &["startCommand"], budget),
            ..Unit::default()
        });
    }
    budget.checked(plan)
}

/// `fly.toml` ("Fly Launch configuration": `build`, `processes`, `deploy`).
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn fly(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = toml::parse(text)?;
    let mut plan = Plan::default();
    let build = root.get("build");
    let image = build.and_then(|node| node.get("image"));
    if let Some(build) = build.filter(|_| image.is_none()) {
        plan.builds.push(PlannedBuild {
            dockerfile: build.text_at(&["dockerfile"]).unwrap_or("Dockerfile").to_owned(),
            context: ".".to_owned(),
            arguments: arguments(build, "args"),
        });
    }
    let mut starts = Vec::new();
    for (_, _, process) in root.entries_of("processes") {
        script(Some(process), &mut starts, DEEPEST, budget);
    }
    plan.units.push(Unit {
        title: "the app".to_owned(),
        runs_app: true,
        node: image.and_then(|image| NodeChoice::image(image, "image = \"{}\"")),
        starts,
        ..Unit::default()
    });
    budget.checked(plan)
}

/// `nixpacks.toml` ("Configuration File", "Node": `NIXPACKS_NODE_VERSION`).
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn nixpacks(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = toml::parse(text)?;
    let phases = root.get("phases");
    let variable = root.get("variables").and_then(|node| {
        let name = "NIXPACKS_NODE_VERSION";
        NodeChoice::version_at(node, name, "NIXPACKS_NODE_VERSION = \"{}\"", 1)
    });
    let packages = phases.and_then(|node| {
        let list = node.get("setup")?.get("nixPkgs")?.list();
        // `nodejs_20`, and `nodejs-18_x` in older releases.
        list.iter().take(MOST).find_map(|node| {
            let rest = node.text()?.strip_prefix("nodejs")?.trim_start_matches(['_', '-']);
            let digits = rest.split('_').next().filter(|digits| !digits.is_empty())?;
            Some(NodeChoice::version(Spot::new(digits, node.line), "nixPkgs = [\"nodejs_{}\"]", 1))
        })
    });
    let mut found = Vec::new();
    for name in ["install", "build"] {
        let phase = phases.and_then(|node| node.get(name));
        script(phase.and_then(|phase| phase.get("cmds")), &mut found, DEEPEST, budget);
    }
    let mut starts = Vec::new();
    script(root.get("start").and_then(|start| start.get("cmd")), &mut starts, DEEPEST, budget);
    let unit = Unit {
        title: "the app".to_owned(),
        runs_app: true,
        node: packages.or(variable),
        systems: vec![System { platform: Platform::Linux, arch: None, libc: Some(Libc::Glibc) }],
        commands: found,
        starts,
        ..Unit::default()
    };
    budget.checked(Plan { units: vec![unit], ..Plan::default() })
}

/// `app.yaml` of Google App Engine ("app.yaml reference" for Node.js, and for the flexible
/// environment `runtime_config`). Other files of that name give an empty plan.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn app_engine(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = yaml::parse(text)?;
    let Some((line, runtime)) = root.entry("runtime") else { return Ok(Plan::default()) };
    let Some(version) = runtime.text().and_then(|text| text.strip_prefix("nodejs")) else {
        return Ok(Plan::default());
    };
    let flexible = root.get("runtime_config").and_then(|node| {
        NodeChoice::version_at(node, "runtime_version", "runtime_version: '{}'", 3)
    });
    let standard = NodeChoice::version(Spot::new(version, line), "runtime: nodejs{}", 1);
    let service = texts(root.get("service"), budget).pop().unwrap_or_else(|| "default".to_owned());
    let unit = Unit {
        title: format!("service {service}"),
        runs_app: true,
        node: if version.is_empty() { flexible } else { Some(standard) },
        systems: glibc(),
        starts: all_commands(&root, &["entrypoint"], budget),
        ..Unit::default()
    };
    budget.checked(Plan { units: vec![unit], ..Plan::default() })
}

/// `app.json` of Heroku ("app.json Schema", "Heroku Node.js Support"). Expo and others have a file
/// of that name; it gives an empty plan.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn heroku_app(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = jsonc::parse(text)?;
    let is_heroku = ["stack", "buildpacks", "formation"].iter().any(|key| root.get(key).is_some());
    let buildpacks = root.list_of("buildpacks");
    let is_node =
        |node: &Rc<Node>| node.text_at(&["url"]).is_some_and(|url| url.contains("nodejs"));
    let has_other = !buildpacks.is_empty() && !buildpacks.iter().take(MOST).any(is_node);
    if !is_heroku || has_other || root.text_at(&["stack"]) == Some("container") {
        return Ok(Plan::default());
    }
    let line = ["buildpacks", "stack", "formation"].iter().find_map(|key| root.entry(key));
    let written = Spot::new("engines.node", line.map_or(1, |(line, _)| line));
    let unit = Unit {
        title: "the app on Heroku".to_owned(),
        runs_app: true,
        node: Some(NodeChoice {
            how: How::Engines,
            written,
            values: None,
            form: "\"engines\": { \"node\": \"{}.x\" }",
            parts: 1,
        }),
        systems: glibc(),
        ..Unit::default()
    };
    budget.checked(Plan { units: vec![unit], ..Plan::default() })
}

#[cfg(test)]
mod tests {
    use super::{app_engine, fly, netlify, nixpacks, render, vercel};
    use crate::environment::files::budget::Budget;
    use crate::environment::files::plans::plan::{Plan, Unit};

    fn units(plan: Result<Plan, super::FileError>) -> Vec<Unit> {
        plan.expect("a plan").units
    }

    fn version(unit: &Unit) -> Option<(String, u32)> {
        let node = unit.node.as_ref()?;
        Some((node.values.clone()?.pop()?, node.written.line))
    }

    fn words(commands: &[super::Command]) -> Vec<String> {
        commands
            .iter()
            .map(|command| format!("{}: {}", command.line, command.words.join(" ")))
            .collect()
    }

    #[test]
    fn versions_and_commands_are_found() {
        let budget = Budget::default();
        let all = units(vercel(
            "{\n // x\n \"installCommand\": \"npm ci --ignore-scripts\",\n}",
            &budget,
        ));
        assert_eq!(words(&all[0].commands), ["3: npm ci --ignore-scripts"]);
        let all = units(netlify(
            "[build]\ncommand = \"npm run build\"\n[build.environment]\nNODE_VERSION = \"18\"\nNPM\
                _FLAGS = \"--no-optional\"\n[context.x.environment]\nNODE_VERSION = \"20\"\n",
            &budget,
        ));
        assert_eq!(version(&all[0]), Some(("18".to_owned(), 4)));
        assert_eq!(words(&all[0].commands), ["5: npm install --no-optional", "2: npm run build"]);
        assert_eq!(version(&all[1]), Some(("20".to_owned(), 7)));
        let plan = render(
            "services:\n  - type: web\n    name: a\n    env: node\n    buildCommand: \
            npm ci && npm run build\n    startCommand: node x.js\n    envVars:\n      - {key: NODE\
            _VERSION, value: 20.1.0}\n  - {name: b, runtime: docker, dockerfilePath: ./docker/b}\n",
            &budget,
        )
        .expect(
            "\
            a plan",
        );
        assert_eq!(version(&plan.units[0]), Some(("20.1.0".to_owned(), 8)));
        assert_eq!(words(&plan.units[0].starts), ["6: node x.js"]);
        assert_eq!(plan.builds[0].dockerfile, "docker/b");
        let plan = fly(
            "[build]\n[build.args]\nNODE_VERSION = \"22\"\n[processes]\nweb = \"node a.js\"\n",
            &budget,
        )
        .expect("a plan");
        assert_eq!(plan.builds[0].arguments, [("NODE_VERSION".to_owned(), "22".to_owned())]);
        assert_eq!(words(&plan.units[0].starts), ["5: node a.js"]);
        let all = units(fly("[build]\nimage = \"node:20\"\n", &budget));
        assert_eq!(version(&all[0]), Some(("node:20".to_owned(), 2)));
        let all = units(nixpacks(
            "[phases.setup]\nnixPkgs = ['python3', 'nodejs-18_x']\n[phases.install]\ncmds = ['npm \
                ci']\n[start]\ncmd = 'node a'\n",
            &budget,
        ));
        assert_eq!(version(&all[0]), Some(("18".to_owned(), 2)));
        assert_eq!(words(&all[0].commands), ["4: npm ci"]);
        let all = units(app_engine("runtime: nodejs20\nentrypoint: node a.js\n", &budget));
        assert_eq!(version(&all[0]), Some(("20".to_owned(), 1)));
        let all = units(app_engine(
            "runtime: nodejs\nenv: flex\nruntime_config:\n  runtime_version: '22'\n",
            &budget,
        ));
        assert_eq!(version(&all[0]), Some(("22".to_owned(), 4)));
        assert!(units(app_engine("runtime: python312\n", &budget)).is_empty());
    }
}
