//! Ports: from JSON and back, whatever was typed.
use std::time::Duration;

use proptest::prelude::*;

use super::port;
use crate::draft::{PortValue, Unit, blocks, iso, length, longest, plain_time, service, time_words};

#[test]
fn what_a_policy_has_is_shown_in_the_form() {
    let shown = |json: &str| port(json).words();
    let cases = [
        (
            r#"{"number":22,"protocol":"*","allowedSourceAddressPrefix":"*","maxRequestAccessDuration":"PT3H"}"#,
            "22 Any, Per request, 3 hours",
        ),
        (
            r#"{"number":3389,"protocol":"TCP","allowedSourceAddressPrefixes":["10.0.0.0/8","192.0.2.7"],"maxRequestAccessDuration":"PT90M"}"#,
            "3389 TCP, 10.0.0.0/8, 192.0.2.7, 90 minutes",
        ),
        (
            r#"{"number":53,"protocol":"UDP","allowedSourceAddressPrefix":"10.1.2.3","maxRequestAccessDuration":"PT1H"}"#,
            "53 UDP, 10.1.2.3, 1 hour",
        ),
        (
            r#"{"number":22,"protocol":"*","allowedSourceAddressPrefix":"*","maxRequestAccessDuration":"PT1M"}"#,
            "22 Any, Per request, 1 minute",
        ),
        // What is no time stays as it is.
        (
            r#"{"number":22,"protocol":"*","allowedSourceAddressPrefix":"*","maxRequestAccessDuration":"soon"}"#,
            "22 Any, Per request, soon",
        ),
    ];
    for (json, words) in cases {
        assert_eq!(shown(json), words, "{json}");
    }
}

#[test]
fn what_cannot_be_meant_is_written_as_it_is() {
    let typed = |number: &str, blocks: &str, time: &str| PortValue {
        number: number.to_owned(),
        protocol: "TCP".to_owned(),
        per_request: false,
        blocks: blocks.to_owned(),
        time: time.to_owned(),
        unit: Unit::Hours,
    };
    let cases = [
        (
            typed(" 22 ", "10.0.0.0/8", "2"),
            r#"{"number":22,"protocol":"TCP","allowedSourceAddressPrefix":"10.0.0.0/8","maxRequestAccessDuration":"PT2H"}"#,
        ),
        (
            typed("ssh", "10.0.0.0/8;10.1.1.1\n10.2.2.2", "1.5"),
            r#"{"number":"ssh","protocol":"TCP","allowedSourceAddressPrefixes":["10.0.0.0/8","10.1.1.1","10.2.2.2"],"maxRequestAccessDuration":"PT1H30M"}"#,
        ),
        (typed("", "", ""), r#"{"protocol":"TCP","allowedSourceAddressPrefixes":[]}"#),
        (
            typed("-1", "x\"y", "PT3H"),
            r#"{"number":"-1","protocol":"TCP","allowedSourceAddressPrefix":"x\"y","maxRequestAccessDuration":"PT3H"}"#,
        ),
        (
            typed("12345678901", "*", "1 day"),
            r#"{"number":"12345678901","protocol":"TCP","allowedSourceAddressPrefix":"*","maxRequestAccessDuration":"1 day"}"#,
        ),
    ];
    for (value, json) in cases {
        assert_eq!(value.json(), json);
    }
}

#[test]
fn times_are_counted_in_their_unit() {
    assert_eq!(length("1.5", Unit::Hours), Some(Duration::from_mins(90)));
    assert_eq!(length(" 20 ", Unit::Minutes), Some(Duration::from_mins(20)));
    // As half of the world writes it.
    assert_eq!(length("1,5", Unit::Hours), Some(Duration::from_mins(90)));
    assert_eq!(length(".5", Unit::Hours), Some(Duration::from_mins(30)));
    assert_eq!(length("2.", Unit::Hours), Some(Duration::from_hours(2)));
    assert_eq!(length("0.3333333333333", Unit::Hours), Some(Duration::from_mins(20)));
    assert_eq!(length("0.0001", Unit::Minutes), Some(Duration::ZERO));
    for none in [
        "",
        ".",
        "-1",
        "+1",
        "1e1",
        "99999999999999999999",
        "18446744073709551615",
        "1,5,0",
        "x",
        "inf",
        "NaN",
        "1e400",
    ] {
        assert_eq!(length(none, Unit::Hours), None, "{none}");
    }
    assert_eq!(iso("0.5", Unit::Hours), "\"PT30M\"");
    assert_eq!(iso("  ", Unit::Hours), "");
    assert_eq!(plain_time("PT2H", Unit::Hours), "2");
    assert_eq!(plain_time("PT2H", Unit::Minutes), "120");
    // No whole number of hours: it stays as it is.
    assert_eq!(plain_time("PT90M", Unit::Hours), "PT90M");
    assert_eq!(plain_time("PT1H0.5S", Unit::Minutes), "PT1H0.5S");
}

#[test]
fn a_longest_time_loses_no_minute() {
    let cases = [
        ("PT3H", (3, Unit::Hours)),
        ("P1D", (24, Unit::Hours)),
        ("PT1H30M", (90, Unit::Minutes)),
        ("PT90M", (90, Unit::Minutes)),
        ("PT45M", (45, Unit::Minutes)),
        // What is no whole minute is not granted in full.
        ("PT1M59S", (1, Unit::Minutes)),
        ("PT1H59S", (1, Unit::Hours)),
        ("a while", (0, Unit::Minutes)),
    ];
    for (text, expected) in cases {
        assert_eq!(longest(text), expected, "{text}");
    }
}

#[test]
fn times_are_told_in_words() {
    let cases = [
        ("PT3H", "3 hours"),
        ("PT1H", "1 hour"),
        ("PT60M", "1 hour"),
        ("PT1H30M", "90 minutes"),
        ("PT1M", "1 minute"),
        ("P1D", "24 hours"),
        ("PT1H0.5S", "PT1H0.5S"),
        ("PT45S", "PT45S"),
        ("a while", "a while"),
        ("3h", "3h"),
        ("3", "3"),
        ("03:00:00", "03:00:00"),
    ];
    for (text, expected) in cases {
        assert_eq!(time_words(text), expected, "{text}");
    }
}

#[test]
fn services_are_known_by_their_usual_ports() {
    assert_eq!([service("22"), service("3389"), service("8080")], ["SSH", "RDP", ""]);
}

fn any_port() -> impl Strategy<Value = PortValue> {
    let sources = prop_oneof![
        Just((true, String::new())),
        prop::collection::vec("10\\.[0-9]{1,2}\\.0\\.0/16", 1..4).prop_map(|all| (false, all.join(", "))),
    ];
    let times = (1_u32..200, prop_oneof![Just(Unit::Hours), Just(Unit::Minutes)]);
    (1_u32..65536, prop_oneof!["TCP", "UDP", "\\*"], sources, times).prop_map(
        |(number, protocol, (per_request, blocks), (time, unit))| PortValue {
            number: number.to_string(),
            protocol,
            per_request,
            blocks,
            time: time.to_string(),
            unit,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_port_that_is_saved_is_read_as_what_was_meant(value in any_port()) {
        let again = port(&value.json());
        prop_assert_eq!(again.meaning(), value.meaning());
        // And from then on it stays to the letter.
        prop_assert_eq!(port(&again.json()), again);
    }

    #[test]
    fn the_order_of_blocks_means_nothing(value in any_port()) {
        let mut turned = blocks(&value.blocks);
        turned.reverse();
        let turned = PortValue { blocks: turned.join(" ; "), ..value.clone() };
        prop_assert_eq!(turned.meaning(), value.meaning());
    }
}
