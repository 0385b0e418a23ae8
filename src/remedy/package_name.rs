//! Names of packages that may become a part of a command.

/// True for a name that package managers accept. Only such a name may become part of a command:
/// "--evil" would be an option.
pub fn is_package_name(name: &str) -> bool {
    let part = |part: &str| {
        let starts_well =
            part.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        starts_well && part.chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c))
    };
    match name.strip_prefix('@').map(|name| name.split_once('/')) {
        None => part(name),
        Some(Some((scope, name))) => part(scope) && part(name),
        Some(None) => false,
    }
}
