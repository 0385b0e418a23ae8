//! The CI services and hosts whose files are read, and how their files are recognized.

use super::plan::Plan;
use super::{azure, bitbucket, circleci, gitlab, hosts, jenkins, processes, sam, serverless};
use crate::environment::files::budget::Budget;
use crate::environment::files::spot::FileError;

/// A CI service or a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// GitLab CI.
    GitLab,
    /// CircleCI.
    CircleCi,
    /// Azure Pipelines.
    Azure,
    /// Bitbucket Pipelines.
    Bitbucket,
    /// Jenkins.
    Jenkins,
    /// The Serverless Framework.
    Serverless,
    /// AWS SAM and CloudFormation.
    Sam,
    /// Vercel.
    Vercel,
    /// Netlify.
    Netlify,
    /// Render.
    Render,
    /// Fly.io.
    Fly,
    /// Nixpacks, which Railway uses.
    Nixpacks,
    /// Google App Engine.
    AppEngine,
    /// A unit of systemd.
    Systemd,
    /// pm2.
    Pm2,
    /// A Procfile, of Heroku and others.
    Procfile,
    /// Heroku, with images.
    Heroku,
    /// Heroku, with buildpacks.
    HerokuApp,
    /// A development container.
    DevContainer,
}

impl Service {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Service; 19] = [
        Service::GitLab,
        Service::CircleCi,
        Service::Azure,
        Service::Bitbucket,
        Service::Jenkins,
        Service::Serverless,
        Service::Sam,
        Service::Vercel,
        Service::Netlify,
        Service::Render,
        Service::Fly,
        Service::Nixpacks,
        Service::AppEngine,
        Service::Systemd,
        Service::Pm2,
        Service::Procfile,
        Service::Heroku,
        Service::HerokuApp,
        Service::DevContainer,
    ];

    /// The service whose file has this name in `folder`, which is relative to the project, with
    /// `/`.
    #[must_use]
    pub fn of(folder: &str, name: &str) -> Option<Service> {
        let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
        // A service reads its configuration from the root of the repository only.
        if folder.is_empty() {
            match (stem, name) {
                (Some(".gitlab-ci"), _) => return Some(Service::GitLab),
                (Some("bitbucket-pipelines"), _) => return Some(Service::Bitbucket),
                (Some("render"), _) => return Some(Service::Render),
                (Some("heroku"), _) => return Some(Service::Heroku),
                (_, "app.json") => return Some(Service::HerokuApp),
                (_, "Procfile") => return Some(Service::Procfile),
                _ => {}
            }
        }
        Some(match (folder, stem) {
            (".circleci", Some("config")) => Service::CircleCi,
            (
                "" | ".azure-pipelines" | ".azuredevops" | ".pipelines" | ".vsts"
                | "azure-pipelines",
                Some(stem),
            ) if stem.starts_with("azure-pipelines")
                || stem.starts_with(".vsts-ci")
                || !folder.is_empty() =>
            {
                Service::Azure
            }
            (_, Some("serverless")) => Service::Serverless,
            (_, Some("template" | "sam-template" | "template.sam")) => Service::Sam,
            (_, Some("app")) => Service::AppEngine,
            (_, Some("ecosystem.config" | "ecosystem" | "pm2.config" | "pm2")) => Service::Pm2,
            _ => match name {
                "Jenkinsfile" => Service::Jenkins,
                "vercel.json" => Service::Vercel,
                "netlify.toml" => Service::Netlify,
                "fly.toml" => Service::Fly,
                "nixpacks.toml" => Service::Nixpacks,
                "devcontainer.json"
                    if folder == ".devcontainer" || folder.starts_with(".devcontainer/") =>
                {
                    Service::DevContainer
                }
                ".devcontainer.json" if folder.is_empty() => Service::DevContainer,
                _ if name.ends_with(".service") => Service::Systemd,
                _ if is_ecosystem(name) => Service::Pm2,
                _ if name.starts_with("Jenkinsfile.") => Service::Jenkins,
                _ if name.starts_with("fly.") && name.ends_with(".toml") => Service::Fly,
                _ => return None,
            },
        })
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// The parser's error, with its line; or an error if the budget is exceeded.
    pub fn parse(self, text: &str, budget: &Budget) -> Result<Plan, FileError> {
        let parse = match self {
            Service::GitLab => gitlab::parse,
            Service::CircleCi => circleci::parse,
            Service::Azure => azure::parse,
            Service::Bitbucket => bitbucket::parse,
            Service::Jenkins => jenkins::parse,
            Service::Serverless => serverless::parse,
            Service::Sam => sam::parse,
            Service::Vercel => hosts::vercel,
            Service::Netlify => hosts::netlify,
            Service::Render => hosts::render,
            Service::Fly => hosts::fly,
            Service::Nixpacks => hosts::nixpacks,
            Service::AppEngine => hosts::app_engine,
            Service::Systemd => processes::systemd,
            Service::Pm2 => processes::pm2,
            Service::Procfile => processes::procfile,
            Service::Heroku => processes::heroku,
            Service::HerokuApp => hosts::heroku_app,
            Service::DevContainer => processes::devcontainer,
        };
        parse(text, budget)
    }
}

/// `ecosystem.config.js`, `ecosystem.production.config.cjs`, `pm2.json`.
fn is_ecosystem(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let is_script = matches!(extension, "js" | "cjs" | "mjs");
    is_script && (stem.starts_with("ecosystem") || matches!(stem, "pm2.config"))
        || extension == "json" && (stem.starts_with("ecosystem") || stem == "pm2")
}

#[cfg(test)]
mod tests {
    use super::Service;

    #[test]
    fn files_are_recognized_by_their_place() {
        for (path, expected) in [
            (".gitlab-ci.yml", Some(Service::GitLab)),
            ("web/.gitlab-ci.yml", None),
            (".circleci/config.yml", Some(Service::CircleCi)),
            ("azure-pipelines.yml", Some(Service::Azure)),
            ("azure-pipelines-release.yaml", Some(Service::Azure)),
            (".azure-pipelines/ci.yml", Some(Service::Azure)),
            ("bitbucket-pipelines.yml", Some(Service::Bitbucket)),
            ("Jenkinsfile", Some(Service::Jenkins)),
            ("ci/Jenkinsfile.release", Some(Service::Jenkins)),
            ("api/serverless.yml", Some(Service::Serverless)),
            ("template.yaml", Some(Service::Sam)),
            ("web/vercel.json", Some(Service::Vercel)),
            ("netlify.toml", Some(Service::Netlify)),
            ("render.yaml", Some(Service::Render)),
            ("fly.toml", Some(Service::Fly)),
            ("fly.staging.toml", Some(Service::Fly)),
            ("nixpacks.toml", Some(Service::Nixpacks)),
            ("app.yaml", Some(Service::AppEngine)),
            ("deploy/app.service", Some(Service::Systemd)),
            ("ecosystem.config.cjs", Some(Service::Pm2)),
            ("ecosystem.json", Some(Service::Pm2)),
            ("Procfile", Some(Service::Procfile)),
            ("heroku.yml", Some(Service::Heroku)),
            (".devcontainer/devcontainer.json", Some(Service::DevContainer)),
            (".devcontainer/api/devcontainer.json", Some(Service::DevContainer)),
            ("tsconfig.json", None),
            ("app.json", Some(Service::HerokuApp)),
        ] {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            assert_eq!(Service::of(folder, name), expected, "{path}");
        }
    }
}
