//! The places outside of packages in which a client looks for its engine.

use std::path::{Component, Path, PathBuf};

use super::target::Targets;
use crate::files::{self, normalized, real_path, shown};
use crate::project::loader::choice::Active;
use crate::project::ownership::project_of;
use crate::runtime::Runtime;

/// The variable with the path of the engine. It comes before all other places.
const VARIABLE: &str = "PRISMA_QUERY_ENGINE_LIBRARY";

/// A folder of the system in which every client looks.
const TEMPORARY: &str = "/tmp/prisma-engines";

/// The engine that the environment of this process names, if the runtime shares it. `Unknown` for a
/// path that can't be judged: one that is relative to a folder of later, or leads to no file.
pub(super) fn of_environment(runtime: &Runtime) -> Option<Active> {
    let path = files::variable(VARIABLE).filter(|path| !path.is_empty() && runtime.is_host)?;
    let path = Path::new(&path);
    let is_known = path.is_absolute() && files::is_file(path);
    Some(engine_at(path).filter(|_| is_known).unwrap_or(Active::Unknown))
}

fn engine_at(path: &Path) -> Option<Active> {
    Some(Active::Elsewhere {
        package: path.parent()?.to_path_buf(),
        file: shown(path.file_name()?),
    })
}

/// The engine in the folder of the project into which the client was generated, in `TEMPORARY`, or
/// beside the schema.
pub(super) fn around(
    directory: &Path,
    script: &str,
    targets: &Targets,
    runtime: &Runtime,
) -> Option<Active> {
    let here = runtime.root.as_deref() == Some(Path::new("/"));
    let of_project = |folder: PathBuf| is_of_project(&folder, directory).then_some(folder);
    let folders = [
        output(script).map(PathBuf::from).filter(|_| here).and_then(of_project),
        here.then(|| PathBuf::from(TEMPORARY)),
        schema(script).map(|path| normalized(&directory.join(path))).and_then(of_project),
    ];
    folders.into_iter().flatten().find_map(|folder| {
        let names: Vec<String> =
            files::list(&folder).ok()?.flatten().map(|entry| shown(&entry.name)).collect();
        Some(match targets.engine_among(&names)? {
            Some(file) => Active::Elsewhere { package: folder, file },
            None => Active::Unknown,
        })
    })
}

/// True if a folder that a client names is in the project of the client. A client of a stranger
/// can't choose what is read elsewhere.
fn is_of_project(folder: &Path, client: &Path) -> bool {
    let within = || {
        let project = project_around(client)?;
        Some(real_path(folder).ok()?.starts_with(project))
    };
    within().unwrap_or(false)
}

/// The root of the project: around the first `node_modules`, or the nearest folder around the
/// client with a package.json of its own.
fn project_around(client: &Path) -> Option<PathBuf> {
    if client.components().any(|part| part == Component::Normal("node_modules".as_ref())) {
        return project_of(client);
    }
    let folder = files::ancestors(client)
        .skip(1)
        .find(|folder| files::is_file(folder.join("package.json")))?;
    real_path(folder).ok()
}

/// The folder into which the client was generated.
fn output(script: &str) -> Option<String> {
    let (_, behind) = script.split_once("\"output\": {")?;
    string(behind.split_once('}')?.0, "value").filter(|path| Path::new(path).is_absolute())
}

/// The folder of the schema, relative to the client.
fn schema(script: &str) -> Option<String> {
    string(script, "relativePath").filter(|path| Path::new(path).is_relative())
}

/// The value of a key in the configuration, which is written as JSON.
fn string(text: &str, key: &str) -> Option<String> {
    let (_, behind) = text.split_once(&format!("\"{key}\": \""))?;
    let (value, _) = behind.split_once('"')?;
    Some(value.replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::{output, schema};

    #[test]
    fn the_configuration_of_a_client_names_folders() {
        let script = r#"const config = { "generator": { "name": "client", "output": {
            "value": "/app/src/client", "fromEnvVar": null } }, "relativePath": "../../prisma" }"#;
        assert_eq!(output(script).as_deref(), Some("/app/src/client"));
        assert_eq!(schema(script).as_deref(), Some("../../prisma"));
        for script in ["", r#""output": { "value": "client" }"#, r#""output": { "value": "#] {
            assert_eq!(output(script), None, "{script}");
        }
        assert_eq!(schema(r#""relativePath": "/etc""#), None);
    }
}
