//! The serial number and the time of a document.

use sha2::{Digest, Sha256};

/// The number of seconds of a day.
const DAY: i64 = 24 * 60 * 60;
/// The first second of the year 10000, which RFC 3339 can't write.
const END: i64 = 253_402_300_800;

/// A UUID made from a document without a serial number: version 8 of RFC 9562, whose appendix B.2
/// makes it from a SHA-256. Documents with the same number have the same content.
pub(super) fn serial_number(document: &str) -> String {
    let digest = Sha256::digest(document.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    format!("urn:uuid:{a}-{b}-{c}-{d}-{e}")
}

/// True for a time in seconds since 1970 that RFC 3339 can write.
#[must_use]
pub fn has_timestamp(seconds: i64) -> bool {
    (0..END).contains(&seconds)
}

/// A time in seconds since 1970, as in RFC 3339; `None` for a year that has no four digits.
pub(super) fn timestamp(seconds: i64) -> Option<String> {
    if !has_timestamp(seconds) {
        return None;
    }
    let (year, month, day) = date(seconds / DAY);
    let (hour, minute, second) = (seconds % DAY / 3600, seconds / 60 % 60, seconds % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// The date of a day since 1970: `civil_from_days` of
/// <https://howardhinnant.github.io/date_algorithms.html>, for days that aren't negative.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{serial_number, timestamp};

    #[test]
    fn times_are_written_as_in_rfc_3339() {
        for (seconds, expected) in [
            (0, Some("1970-01-01T00:00:00Z")),
            (951_782_400, Some("2000-02-29T00:00:00Z")),
            (1_709_251_199, Some("2024-02-29T23:59:59Z")),
            (1_735_689_600, Some("2025-01-01T00:00:00Z")),
            (4_107_542_400, Some("2100-03-01T00:00:00Z")),
            (253_402_300_799, Some("9999-12-31T23:59:59Z")),
            (253_402_300_800, None),
            (-1, None),
        ] {
            assert_eq!(timestamp(seconds).as_deref(), expected, "{seconds}");
        }
    }

    #[test]
    fn serial_numbers_are_uuids_of_version_8() {
        // The SHA-256 of an empty text begins with e3b0c442 98fc 1c14 9afb f4c8996fb924.
        assert_eq!(serial_number(""), "urn:uuid:e3b0c442-98fc-8c14-9afb-f4c8996fb924");
        assert_ne!(serial_number("a"), serial_number("b"));
    }
}
