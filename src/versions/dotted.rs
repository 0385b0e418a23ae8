//! Versions that consist of numbers and dots only: those of glibc, macOS, Python.

/// The numbers of a version, which compare like the versions ("2.9" before "2.10"). `None` if the
/// text contains anything but numbers between its dots.
#[must_use]
pub fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(number).collect()
}

/// Like [`numbers`], but also `None` for a number above `u32::MAX`: symbol versions such as
/// "GLIBC_2.34" never contain such a number.
#[must_use]
pub fn within_32_bits(version: &str) -> Option<Vec<u32>> {
    version.split('.').map(|part| u32::try_from(number(part)?).ok()).collect()
}

/// True for three numbers, as in "20.11.0".
#[must_use]
pub fn is_triple(version: &str) -> bool {
    numbers(version).is_some_and(|numbers| numbers.len() == 3)
}

/// The number before the first dot: 20 of "20.11.0", "20.x" and "20".
#[must_use]
pub fn major(version: &str) -> Option<u64> {
    number(version.split('.').next()?)
}

/// The first two numbers, whatever follows them (Python has "3.13.0rc1"); 0 for a missing second
/// one.
#[must_use]
pub fn major_minor(version: &str) -> Option<(u64, u64)> {
    let mut parts = version.split('.').map(number);
    Some((parts.next()??, parts.next().flatten().unwrap_or(0)))
}

/// Digits only: `str::parse` also accepts "+1".
fn number(part: &str) -> Option<u64> {
    part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{is_triple, major, major_minor, numbers, within_32_bits};

    #[test]
    fn numbers_compare_as_versions_do() {
        assert!(numbers("2.9") < numbers("2.10"));
        assert!(numbers("2.36") < numbers("2.36.1"));
        assert_eq!(numbers("0"), Some(vec![0]));
        for text in ["", "2.", ".2", "2.x", "+2.1", "2.36-9", "PRIVATE", "99999999999999999999"] {
            assert_eq!(numbers(text), None, "{text}");
        }
        assert_eq!(within_32_bits("4294967295.1"), Some(vec![u32::MAX, 1]));
        assert_eq!(within_32_bits("4294967296"), None);
        assert_eq!((major("20.x"), major("20"), major("v20")), (Some(20), Some(20), None));
        assert_eq!(major_minor("3.13.0rc1"), Some((3, 13)));
        assert_eq!((major_minor("3"), major_minor("x.1")), (Some((3, 0)), None));
        assert!(is_triple("20.11.0"));
        assert!(!is_triple("20.11") && !is_triple("v20.11.0") && !is_triple("1.2.3.4"));
    }
}
