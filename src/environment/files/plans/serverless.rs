//! `serverless.yml`: the functions of AWS Lambda with their runtime, processor and packaging
//! (Serverless Framework documentation, "Serverless.yml Reference" and "Packaging").

use std::rc::Rc;

use super::lambda::{self, Function};
use super::plan::{MOST, Plan, size, texts};
use crate::environment::files::budget::Budget;
use crate::environment::files::spot::{FileError, Spot};
use crate::environment::files::yaml::{self, Node};

/// Plugins that create another package than the project's folder.
const BUNDLERS: [&str; 7] = [
    "serverless-esbuild",
    "serverless-webpack",
    "serverless-bundle",
    "serverless-plugin-typescript",
    "serverless-jetpack",
    "serverless-nextjs-plugin",
    "@serverless/compose",
];

/// Reads a service.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn parse(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = yaml::parse(text)?;
    let provider = root.get("provider").cloned();
    let name = provider.as_ref().and_then(|node| node.text().or_else(|| node.text_at(&["name"])));
    if name != Some("aws") {
        return Ok(Plan::default());
    }
    let mut plan = Plan::default();
    let plugins = texts(root.get("plugins"), budget);
    let plugins = if plugins.is_empty() {
        texts(root.get("plugins").and_then(|node| node.get("modules")), budget)
    } else {
        plugins
    };
    let is_bundled = plugins.iter().any(|name| BUNDLERS.contains(&name.as_str()))
        // Since version 4 the framework bundles TypeScript and ES modules with esbuild itself.
        || root.get("build").is_some();
    let packs_whole = |node: &Node| {
        let Some(package) = node.get("package") else { return true };
        let patterns = ["patterns", "exclude"].map(|key| texts(package.get(key), budget)).concat();
        let excludes = patterns.iter().any(|pattern| {
            let folder = pattern.trim_start_matches('!').trim_start_matches("./");
            folder.starts_with("node_modules/*") || folder == "node_modules" || folder == "**"
        });
        package.get("artifact").is_none() && !excludes
    };
    let whole = packs_whole(&root) && !is_bundled;
    let cost = provider.as_ref().map_or(0, |node| size(node, 2));
    for (name, _, node) in root.entries_of("functions") {
        if plan.units.len() >= MOST || !budget.spend_item() || !budget.spend(cost) {
            break;
        }
        if node.get("image").is_some() {
            continue;
        }
        let find = |key: &str| {
            let own = node.get(key).or_else(|| provider.as_ref()?.get(key))?;
            let text = own.text()?;
            Some(Spot::new(resolved(&root, text).unwrap_or(text), own.line))
        };
        let Some(runtime) = find("runtime") else { continue };
        if runtime.text.contains("${") {
            plan.unclear.push(Spot::new("the runtime is set in another file", runtime.line));
        }
        let function = Function {
            name,
            form: "runtime: nodejs{}.x",
            arch: find("architecture").map(|arch| arch.text),
            uploads: (whole && packs_whole(node)).then_some(runtime.line),
            runtime,
        };
        plan.units.extend(lambda::unit(function));
    }
    budget.checked(plan)
}

/// The value of `${self:custom.runtime}`; `None` for other texts.
fn resolved<'n>(root: &'n Rc<Node>, text: &str) -> Option<&'n str> {
    let path = text.strip_prefix("${self:")?.strip_suffix('}')?;
    let names: Vec<&str> = path.split('.').take(MOST).collect();
    root.text_at(&names)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::environment::files::budget::Budget;
    use crate::model::Arch;

    #[test]
    fn functions_inherit_from_the_provider() {
        let text = "service: x\ncustom: {node: nodejs18.x}\nprovider:\n  name: aws\n  runtime: ${s\
            elf:custom.node}\n  architecture: arm64\nfunctions:\n  a: {handler: a.b}\n  b:\n    ha\
            ndler: b.c\n    runtime: nodejs22.x\n    architecture: x86_64\n    package: {patterns: \
            ['!node_modules/**']}\n  c: {image: x}\n  d: {runtime: python3.12}\n";
        let plan = parse(text, &Budget::default()).expect("a plan");
        let told: Vec<_> = plan
            .units
            .iter()
            .map(|unit| {
                let node = unit.node.as_ref().expect("a version");
                (
                    unit.title.as_str(),
                    node.values.clone().expect("values"),
                    node.written.line,
                    unit.systems[0].arch.clone(),
                    unit.uploads,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("function a", vec!["18".to_owned()], 5, Some(Arch::Arm64), Some(5)),
                ("function b", vec!["22".to_owned()], 11, Some(Arch::X64), None),
            ]
        );
        let other = "provider: {name: google, runtime: nodejs20}\nfunctions: {a: {handler: x}}\n";
        assert!(parse(other, &Budget::default()).expect("a plan").units.is_empty());
    }
}
