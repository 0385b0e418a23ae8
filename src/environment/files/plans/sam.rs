//! Templates of AWS SAM and CloudFormation: their functions (AWS SAM documentation,
//! "AWS::Serverless::Function"; CloudFormation, "AWS::Lambda::Function").

use super::lambda::{self, Function};
use super::plan::{MOST, Plan};
use crate::environment::files::budget::Budget;
use crate::environment::files::spot::{FileError, Spot};
use crate::environment::files::toml;
use crate::environment::files::yaml::{self, Node};

/// Reads a template. Other YAML files with the same name give an empty plan.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn parse(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = yaml::parse(text)?;
    let mut plan = Plan::default();
    let global = root.get("Globals").and_then(|node| node.get("Function"));
    for (name, _, node) in root.entries_of("Resources") {
        if plan.units.len() >= MOST || !budget.spend_item() {
            break;
        }
        let kind = node.text_at(&["Type"]);
        if !matches!(kind, Some("AWS::Serverless::Function" | "AWS::Lambda::Function")) {
            continue;
        }
        let properties = node.get("Properties");
        let find =
            |key: &str| properties.and_then(|node| node.get(key)).or_else(|| global?.get(key));
        let Some(runtime) = find("Runtime").and_then(|node| spot(&root, node)) else { continue };
        let arch =
            find("Architectures").and_then(|list| Some(list.list().first()?.text()?.to_owned()));
        // esbuild and make create the package in their own way. A CloudFormation template names a
        // package that something else has created.
        let is_built = node.text_at(&["Metadata", "BuildMethod"]).is_none();
        let is_folder = find("CodeUri").and_then(|node| node.text()).is_some_and(|text| {
            let is_archive = text.ends_with(".zip") || text.ends_with(".jar");
            !is_archive && !text.starts_with("s3://")
        });
        let is_local = kind == Some("AWS::Serverless::Function") && is_built && is_folder;
        let uploads = is_local.then_some(runtime.line);
        let function = Function { name, form: "Runtime: nodejs{}.x", arch, uploads, runtime };
        plan.units.extend(lambda::unit(function));
    }
    budget.checked(plan)
}

/// True if a `samconfig.toml` sets `use_container` for `sam build` (AWS SAM documentation, "AWS SAM
/// CLI configuration file").
#[must_use]
pub fn uses_container(text: &str) -> bool {
    let Ok(root) = toml::parse(text) else { return false };
    let environments = root.entries().iter().take(MOST);
    environments
        .into_iter()
        .flat_map(|(_, _, environment)| environment.entries())
        .any(|(_, _, command)| command.text_at(&["parameters", "use_container"]) == Some("true"))
}

/// A text, or the default of the parameter that it refers to (`!Ref Runtime`; the parser leaves out
/// the tag).
fn spot(root: &Node, node: &Node) -> Option<Spot> {
    let text = node.text().or_else(|| node.text_at(&["Ref"]))?;
    let default = root.text_at(&["Parameters", text, "Default"]);
    Some(Spot::new(default.unwrap_or(text), node.line))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::environment::files::budget::Budget;
    use crate::model::Arch;

    #[test]
    fn functions_take_the_globals_and_the_defaults_of_parameters() {
        let text = "Transform: AWS::Serverless-2016-10-31\nParameters: {R: {Type: String, Default: \
            nodejs18.x}}\nGlobals:\n  Function:\n    Runtime: !Ref R\n    Architectures: [arm64]\n\
            Resources:\n  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: s\
            rc/}}\n  B:\n    \
            Type: AWS::Serverless::Function\n    Metadata: {BuildMethod: esbuild}\n    Properties: \
            {CodeUri: ., Runtime: nodejs22.x, Architectures: [x86_64]}\n  C: {Type: AWS::S3::Bucke\
            t}\n  D: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12}}\n";
        let plan = parse(text, &Budget::default()).expect("a plan");
        let told: Vec<_> = plan
            .units
            .iter()
            .map(|unit| {
                let values =
                    unit.node.as_ref().and_then(|node| node.values.clone()).expect("values");
                (unit.title.as_str(), values, unit.systems[0].arch.clone(), unit.uploads)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("function A", vec!["18".to_owned()], Some(Arch::Arm64), Some(5)),
                ("function B", vec!["22".to_owned()], Some(Arch::X64), None),
            ]
        );
    }
}
