//! Environment variables.

use std::ffi::{OsStr, OsString};

/// The beginning of the names of the loader's variables. It reads them only when the process
/// starts: a value that a program sets later (`process.env.LD_LIBRARY_PATH`) is for its children.
#[cfg(target_os = "linux")]
const OF_LOADER: &[u8] = b"LD_";

/// The value of a variable; for those of the loader, the one that the loader has.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn value(name: &OsStr) -> Option<OsString> {
    #[cfg(target_os = "linux")]
    if name.as_encoded_bytes().starts_with(OF_LOADER)
        && let Some(first) = start::variables()
    {
        return start::value(first, name);
    }
    std::env::var_os(name)
}

/// The value that the program itself has given to a variable of the loader, which ignores it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn set_too_late(name: &str) -> Option<OsString> {
    let now = std::env::var_os(name)?;
    (value(OsStr::new(name)).as_ref() != Some(&now)).then_some(now)
}

#[cfg(target_os = "linux")]
mod start {
    use std::ffi::{OsStr, OsString};
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    use std::sync::OnceLock;

    use super::OF_LOADER;

    /// The variables of the loader with which the process started, each as `NAME=value`. `None` if
    /// the kernel doesn't tell them to this process.
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn variables() -> Option<&'static [Vec<u8>]> {
        static FIRST: OnceLock<Option<Vec<Vec<u8>>>> = OnceLock::new();
        let read = || Some(of_loader(&std::fs::read("/proc/self/environ").ok()?));
        FIRST.get_or_init(read).as_deref()
    }

    fn of_loader(environment: &[u8]) -> Vec<Vec<u8>> {
        let all = environment.split(|byte| *byte == 0);
        all.filter(|line| line.starts_with(OF_LOADER)).map(<[u8]>::to_vec).collect()
    }

    pub fn value(variables: &[Vec<u8>], name: &OsStr) -> Option<OsString> {
        variables.iter().find_map(|line| {
            let value = line.strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
            Some(OsString::from_vec(value.to_vec()))
        })
    }

    #[cfg(test)]
    mod tests {
        use std::ffi::OsStr;

        use super::{of_loader, value};

        #[test]
        fn a_variable_has_the_value_behind_its_name() {
            let all = of_loader(b"A=LD_\0LD_X=a=b\0LD_XY=c\0LD_Z=\0");
            let of = |name| value(&all, OsStr::new(name));
            assert_eq!(of("LD_X").as_deref(), Some(OsStr::new("a=b")));
            assert_eq!(of("LD_XY").as_deref(), Some(OsStr::new("c")));
            assert_eq!(of("LD_Z").as_deref(), Some(OsStr::new("")));
            assert_eq!(of("LD_"), None);
        }
    }
}
