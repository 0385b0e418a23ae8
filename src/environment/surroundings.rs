//! The environment of this process: container, WSL, Rosetta, CI.

use std::path::{Path, PathBuf};

use crate::files::{self, kernel_text};

/// The environment of this process. A field is set only if there is evidence for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The engine of the container.
    pub container: Option<&'static str>,
    /// True in WSL (Linux in Windows).
    pub wsl: bool,
    /// True if a program for Intel processors runs on an Apple processor.
    pub rosetta: bool,
    /// The CI service that runs it.
    pub ci: Option<&'static str>,
    /// A folder in the project's path that is mounted from another system.
    pub mount: Option<Mount>,
}

/// A folder from another file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The mount point.
    pub point: PathBuf,
    /// The file system type, for example `virtiofs`.
    pub kind: String,
    /// True if it is a type with which a host shares its folders.
    pub from_host: bool,
}

/// Environment variables that identify CI services.
const SERVICES: [(&str, &str); 12] = [
    ("GITHUB_ACTIONS", "GitHub Actions"),
    ("GITLAB_CI", "GitLab CI"),
    ("CIRCLECI", "CircleCI"),
    ("TF_BUILD", "Azure Pipelines"),
    ("JENKINS_URL", "Jenkins"),
    ("BUILDKITE", "Buildkite"),
    ("TRAVIS", "Travis CI"),
    ("BITBUCKET_BUILD_NUMBER", "Bitbucket Pipelines"),
    ("APPVEYOR", "AppVeyor"),
    ("VERCEL", "Vercel"),
    ("NETLIFY", "Netlify"),
    ("CI", "CI"),
];

/// The environment of this process, and of the project in `directory`.
#[must_use]
pub fn surroundings(directory: &Path) -> Surroundings {
    let is_set = |name: &str| {
        files::variable(name)
            .is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
    };
    let exists = |path: &str| files::exists(Path::new(path));
    let container = if exists("/.dockerenv") {
        Some("Docker")
    } else if exists("/run/.containerenv") {
        Some("Podman")
    } else {
        is_set("KUBERNETES_SERVICE_HOST").then_some("Kubernetes")
    };
    let release =
        kernel_text(Path::new("/proc/sys/kernel/osrelease")).unwrap_or_default().to_lowercase();
    Surroundings {
        container,
        wsl: release.contains("microsoft"),
        // Rosetta exists on Apple processors only, and always translates programs for Intel
        // processors there.
        rosetta: cfg!(all(target_os = "macos", target_arch = "x86_64"))
            && exists("/Library/Apple/usr/libexec/oah/libRosettaRuntime"),
        ci: SERVICES.iter().find(|(name, _)| is_set(name)).map(|(_, service)| *service),
        mount: kernel_text(Path::new("/proc/self/mountinfo"))
            .ok()
            .and_then(|text| mount_of(directory, &text)),
    }
}

/// The mount that contains `directory`, from a mountinfo file (proc_pid_mountinfo(5)); `None` if it
/// is the root.
fn mount_of(directory: &Path, mountinfo: &str) -> Option<Mount> {
    let mounts = mountinfo.lines().filter_map(|line| {
        let (mount, file_system) = line.split_once(" - ")?;
        let point = unescape(mount.split(' ').nth(4)?);
        let kind = file_system.split(' ').next()?.to_owned();
        let source = file_system.split(' ').nth(1).unwrap_or_default();
        let from_host = matches!(
            kind.as_str(),
            "virtiofs"
                | "fakeowner"
                | "9p"
                | "drvfs"
                | "grpcfuse"
                | "fuse.grpcfuse"
                | "osxfs"
                | "fuse.osxfs"
                | "vboxsf"
                | "prl_fs"
                | "fuse.vmhgfs-fuse"
        ) || source.starts_with("/run/host_mark");
        Some(Mount { point: PathBuf::from(point), kind, from_host })
    });
    let on_the_way =
        mounts.filter(|mount| mount.point != Path::new("/") && directory.starts_with(&mount.point));
    on_the_way.max_by_key(|mount| mount.point.as_os_str().len())
}

/// mountinfo has octal numbers in place of blanks.
fn unescape(path: &str) -> String {
    path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::mount_of;

    #[test]
    fn the_innermost_mount_around_a_folder_counts() {
        let text = "22 1 0:21 / / rw - overlay overlay rw\n\
                    90 22 0:50 /Users/me/my\\040app /app rw,relatime - fakeowner \
                    /run/host_mark/Users rw\n\
                    91 90 0:51 / /app/node_modules rw - ext4 /dev/vda1 rw\n";
        let mount = |directory: &str| {
            mount_of(Path::new(directory), text).map(|mount| (mount.kind, mount.from_host))
        };
        assert_eq!(mount("/app/src"), Some(("fakeowner".to_owned(), true)));
        assert_eq!(mount("/app/node_modules/a"), Some(("ext4".to_owned(), false)));
        assert_eq!(mount("/srv"), None);
    }
}
