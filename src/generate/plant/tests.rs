//! What the made-up identifiers must be: of their form, and nobody's.

use super::checked::mod_11;
use super::*;
use crate::generate::vocabulary::vocabulary;

fn planted(slot: Slot, n: u64) -> Vec<String> {
    (0..n)
        .map(|i| {
            let mut draw = Draw::new(i, 9, 9);
            let mut planter =
                Planter { draw: &mut draw, names: &vocabulary().names, case: Case::Sentence, age: 12 };
            planter.value(slot)
        })
        .collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn every_kind_can_be_planted() {
    for kind in KINDS {
        assert!(SLOTS.iter().any(|(.., k)| *k == kind), "{kind:?}");
    }
    assert!(SLOTS.iter().all(|(name, slot, _)| Slot::of(name) == Some(*slot)));
}

#[test]
fn phones_are_ofcoms_drama_numbers() {
    let ranges = ["7700900", "1632960", "1174960", "1134960", "2079460", "1214960"];
    for phone in planted(Slot::Phone, 500) {
        let d = digits(&phone);
        let national = d.strip_prefix("44").or(d.strip_prefix('0')).unwrap();
        assert!(ranges.iter().any(|r| national.starts_with(r)) && national.len() == 10, "{phone}");
    }
}

#[test]
fn nhs_numbers_are_of_the_test_range_and_mostly_check() {
    let all = planted(Slot::Nhs, 2000);
    let valid = all
        .iter()
        .map(|n| digits(n))
        .filter(|d| {
            assert!(d.starts_with("999000") && d.len() == 10);
            (11 - mod_11(&d[..9])) % 11 == d[9..].parse::<u32>().unwrap()
        })
        .count();
    assert!((1400..1600).contains(&valid), "{valid}");
}

/// Reference values computed by hand from the definitions.
#[test]
fn check_digits() {
    // NHS 943 476 5919, the example of the NHS data dictionary.
    assert_eq!((11 - mod_11("943476591")) % 11, 9);
    // A learner number: 10 - (weighted sum mod 11).
    assert_eq!(10 - mod_11("100000004"), 3);
}

#[test]
fn domains_are_reserved_and_codes_unissued() {
    assert!(planted(Slot::Email, 300).iter().all(|e| e.contains("example")));
    assert!(planted(Slot::Url, 300).iter().all(|u| u.contains("example.")));
    assert!(planted(Slot::Nino, 300).iter().all(|n| n.starts_with("QQ")));
    assert!(planted(Slot::SortCode, 300).iter().all(|s| s.starts_with("00")));
    assert!(planted(Slot::Uln, 300).iter().all(|u| u.starts_with("99999") && u.len() == 10));
    assert!(planted(Slot::Upn, 300).iter().all(|u| u[1..].starts_with("000") && u.len() == 13));
    assert!(planted(Slot::Postcode, 300).iter().all(|p| digits(&p[2..4]).len() == 2 && &p[2..4] > "80"));
}

#[test]
fn values_stand_between_marks_and_follow_the_writers_case() {
    let mut draw = Draw::new(1, 1, 1);
    let mut planter = Planter { draw: &mut draw, names: &vocabulary().names, case: Case::Upper, age: 9 };
    let mut out = String::new();
    planter.plant(Slot::School, &mut out);
    assert!(out.starts_with("\u{1}B") && out.ends_with(CLOSE), "{out:?}");
    assert_eq!(out.to_uppercase(), out);
}
