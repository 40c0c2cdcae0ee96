//! The edges of family 4: durations and times.

use crate::support::cases::{family, fixed, part};

fn policy(duration: &str) -> Vec<u8> {
    part(
        "port",
        &format!(
            r#"{{"number":22,"protocol":"TCP","allowedSourceAddressPrefix":"10.20.0.7","maxRequestAccessDuration":"{duration}"}}"#
        ),
    )
}

fn request(member: &str, value: &str) -> Vec<u8> {
    let port = format!(r#"{{"number":22,"allowedSourceAddressPrefix":"10.20.0.7","{member}":"{value}"}}"#);
    part("request-port", &port)
}

#[test]
fn maxima() {
    let cases: &[(&str, &[&str])] = &[
        ("PT0S", &["JIT402"]),
        ("PT4M59.999S", &["JIT402"]),
        ("PT5M", &[]),
        ("PT8H", &[]),
        ("PT8H1S", &["JIT406"]),
        ("PT24H", &["JIT406"]),
        ("PT24H0.1S", &["JIT403"]),
        ("P1D", &["JIT405", "JIT406"]),
        ("P0DT3H", &["JIT405"]),
        ("\\u0050T3H", &[]),
        ("P0D", &["JIT402"]),
        ("P1W", &["JIT403"]),
        ("P1M", &["JIT404"]),
        ("P1Y2M3DT4H", &["JIT404"]),
        ("-PT3H", &["JIT407"]),
        ("-pt3h", &["JIT407"]),
        ("pt3h", &["JIT408"]),
        (" PT3H", &["JIT408"]),
        ("PT0.5H", &["JIT408"]),
        ("PT0,5H", &["JIT408"]),
        ("PT1.0H", &["JIT408"]),
        ("PT300.5S", &[]),
        ("PT300,5S", &["JIT408"]),
        ("P0.25D", &["JIT408"]),
        ("P0.25DT1H", &["JIT401"]),
        // Less than the service's tick is nothing.
        ("PT4M59.99999999S", &["JIT402"]),
        ("P1DT0.00000001S", &["JIT405", "JIT406"]),
        ("", &["JIT401"]),
        ("180", &["JIT401"]),
        ("PT", &["JIT401"]),
        ("PT99999999999999999999H", &["JIT401"]),
    ];
    for (duration, expected) in cases {
        assert_eq!(family("JIT4", policy(duration)), *expected, "{duration}");
    }
}

#[test]
fn asked_for() {
    let cases: &[(&str, &[&str])] = &[
        // How much may be asked for is the business of another family.
        ("PT1M", &[]),
        ("PT12H", &[]),
        ("PT48H", &[]),
        ("P2D", &[]),
        ("P1D", &["JIT405"]),
        ("3h", &["JIT401"]),
        ("P1M", &["JIT404"]),
        ("-PT1H", &["JIT407"]),
        ("PT1h", &["JIT408"]),
    ];
    for (duration, expected) in cases {
        assert_eq!(family("JIT4", request("duration", duration)), *expected, "{duration}");
    }
}

#[test]
fn durations_that_can_be_guessed() {
    for (text, expected) in [
        ("3h", Some("PT3H")),
        ("3 Hours", Some("PT3H")),
        ("90 min", Some("PT1H30M")),
        ("1h30m", Some("PT1H30M")),
        ("1 hour, 30 minutes", Some("PT1H30M")),
        ("P3H", Some("PT3H")),
        ("3H", Some("PT3H")),
        ("PT30M1H", Some("PT1H30M")),
        ("03:00:00", Some("PT3H")),
        ("03:00", Some("PT3H")),
        ("1.00:00:00", Some("PT24H")),
        ("1 day", Some("PT24H")),
        ("P30M", Some("PT30M")),
        ("-PT3H", Some("PT3H")),
        ("pt3h", Some("PT3H")),
        ("P1D", Some("PT24H")),
        // No unit, or nothing that the service would take.
        ("3", None),
        ("180", None),
        ("PT3", None),
        ("P1M", None),
        ("P3Y", None),
        ("2 days", None),
        ("1 min", None),
        ("-PT72H", None),
        ("1:2:3:4", None),
        ("3 fortnights", None),
        ("99999999999999999999h", None),
        ("18446744073709551615h", None),
        ("PT", None),
        ("", None),
    ] {
        let meant = expected.map(policy);
        assert_eq!(fixed(policy(text)).map(String::into_bytes), meant, "{text}");
    }
}

#[test]
fn times() {
    let cases: &[(&str, &[&str], Option<&str>)] = &[
        ("2026-01-15T13:00:00Z", &[], None),
        ("2026-01-15T13:00:00+00:00", &[], None),
        ("2026-01-15T13:00:00.1234567Z", &[], None),
        ("2026-01-15T13:00:00.12345678Z", &["JIT411"], Some("2026-01-15T13:00:00.1234567Z")),
        ("2026-01-15T13:00:00.000000009Z", &["JIT411"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15T13:00:00.12345678+00:00", &["JIT411"], Some("2026-01-15T13:00:00.1234567Z")),
        ("2026-01-15T14:00:00+01:00", &["JIT412"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15T13:00:00-00:00", &["JIT412"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15T14:00:00.123456789+01:00", &["JIT412"], Some("2026-01-15T13:00:00.1234567Z")),
        ("2026-01-15T13:00:00+0000", &["JIT413"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15 13:00:00Z", &["JIT413"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15t13:00:00z", &["JIT413"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15T13:00Z", &["JIT413"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15T14:00+01:00", &["JIT413"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15T13:00:00Z ", &["JIT413"], Some("2026-01-15T13:00:00Z")),
        (" 2026-01-15T13:00:00Z", &["JIT413"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15T13:00:00", &["JIT410"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15 13:00", &["JIT410"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15 13:00:00 UTC", &["JIT409"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15 14:00:00 +0100", &["JIT409"], Some("2026-01-15T13:00:00Z")),
        ("2026/01/15T13:00:00Z", &["JIT409"], Some("2026-01-15T13:00:00Z")),
        ("20260115T130000Z", &["JIT409"], Some("2026-01-15T13:00:00Z")),
        ("2026-01-15", &["JIT409"], None),
        ("15.01.2026 13:00", &["JIT409"], None),
        ("1768478400", &["JIT409"], None),
        ("", &["JIT409"], None),
        ("2026-02-29T13:00:00Z", &["JIT414"], None),
        ("2026-01-15T24:00:00Z", &["JIT414"], None),
        ("2026-01-15T23:59:60Z", &["JIT414"], None),
    ];
    for (time, expected, meant) in cases {
        let document = request("endTimeUtc", time);
        assert_eq!(family("JIT4", &document), *expected, "{time}");
        let meant = meant.map(|meant| request("endTimeUtc", meant));
        assert_eq!(fixed(document).map(String::into_bytes), meant, "{time}");
    }
}

#[test]
fn stored_times_too() {
    let port = |end: &str| {
        part(
            "stored-port",
            &format!(
                r#"{{"number":22,"allowedSourceAddressPrefix":"10.20.0.7","endTimeUtc":"{end}","status":"Initiated","statusReason":"UserRequested"}}"#
            ),
        )
    };
    assert_eq!(family("JIT4", port("2026-01-15T13:00:00")), ["JIT410"]);
    assert!(family("JIT4", port("2026-01-15T13:00:00.5921811Z")).is_empty());
}
