//! Numbers, dates and switches as the text a cell holds. Owns one spelling for all formats that have
//! typed cells, so that the same answer reads the same from a workbook, Parquet or JSON.

/// A number without a needless `.0`; empty if it is not finite.
pub(super) fn number(x: f64) -> String {
    if !x.is_finite() {
        String::new()
    } else if x != 0.0 && !(1e-6..1e16).contains(&x.abs()) {
        format!("{x:e}")
    } else {
        format!("{}", if x == 0.0 { 0.0 } else { x })
    }
}

/// `TRUE` or `FALSE`.
pub(super) fn switch(b: bool) -> &'static str {
    if b { "TRUE" } else { "FALSE" }
}

/// Year, month, day, hour, minute, second, millisecond as ISO 8601: a date where the time is midnight.
pub(super) fn date_time((y, mo, d, h, mi, s, ms): (u16, u8, u8, u8, u8, u8, u16)) -> String {
    if (h, mi, s, ms) == (0, 0, 0, 0) {
        return format!("{y:04}-{mo:02}-{d:02}");
    }
    format!("{y:04}-{mo:02}-{d:02}T{}", clock((h.into(), mi, s, ms)))
}

/// A time of day or a length of time given in days, as `HH:MM:SS`.
pub(super) fn time(days: f64) -> String {
    let ms = (days.abs() * 86_400_000.0).round() as u64;
    let sign = if days < 0.0 { "-" } else { "" };
    let part = |unit: u64, of: u64| ((ms / unit) % of) as u8;
    format!("{sign}{}", clock((ms / 3_600_000, part(60_000, 60), part(1_000, 60), (ms % 1000) as u16)))
}

fn clock((h, m, s, ms): (u64, u8, u8, u16)) -> String {
    let fraction = if ms == 0 { String::new() } else { format!(".{ms:03}") };
    format!("{h:02}:{m:02}:{s:02}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        for (x, text) in [
            (3.0, "3"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (1234567.25, "1234567.25"),
            (4337954960.0, "4337954960"),
            (1e21, "1e21"),
            (2.5e-9, "2.5e-9"),
            (f64::NAN, ""),
            (f64::INFINITY, ""),
        ] {
            assert_eq!(number(x), text);
        }
    }

    #[test]
    fn dates_are_iso() {
        assert_eq!(date_time((2024, 3, 1, 0, 0, 0, 0)), "2024-03-01");
        assert_eq!(date_time((2024, 3, 1, 9, 5, 7, 0)), "2024-03-01T09:05:07");
        assert_eq!(date_time((2024, 3, 1, 9, 5, 7, 40)), "2024-03-01T09:05:07.040");
        assert_eq!(time(0.5), "12:00:00");
        assert_eq!(time(1.5 + 1.0 / 86_400.0), "36:00:01");
    }
}
