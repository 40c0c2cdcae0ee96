//! Laws of conversion, for documents good, bad and broken: it never fails, what it writes has no error that kept it from
//! being written, and written once more it stays as it is.

use crate::support::json::{mutations, policy, request, value};
use jitgate_core::convert::{Conversion, Format, Options, Place, convert};
use jitgate_core::{CheckOptions, Severity, check, wire};
use proptest::prelude::*;

fn config() -> ProptestConfig {
    let cases = std::env::var("JITGATE_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn to(text: &str, format: Format) -> Conversion<'_> {
    convert(text.as_bytes(), format, &Options::default())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn plain_json_stays_as_it_is(text in prop_oneof![2 => mutations(policy()), 2 => mutations(request()), 1 => mutations(value())]) {
        let conversion = to(&text, Format::Json);
        let report = check(text.as_bytes(), &CheckOptions::default());
        prop_assert_eq!(wire::report(&conversion.report), wire::report(&report), "the report is that of `check`");
        match conversion.outcome {
            Ok(converted) => {
                let again = to(&converted.text, Format::Json);
                let wrong = again.report.diagnostics.iter().filter(|one| {
                    one.severity == Severity::Error && !one.code.meta().contested && one.code.id() != "JIT115"
                });
                prop_assert_eq!(wrong.map(|one| one.message.clone()).collect::<Vec<_>>(), Vec::<String>::new(), "{}", converted.text);
                prop_assert_eq!(again.outcome.expect("what was written can be written").text, converted.text);
            }
            Err(reasons) => prop_assert!(!reasons.is_empty()),
        }
    }

    #[test]
    fn every_format_writes_or_says_why(text in prop_oneof![mutations(policy()), mutations(request())], place in proptest::option::of(any::<String>())) {
        let place = Place { subscription: place.as_deref(), name: place.as_deref(), ..Place::default() };
        for format in Format::ALL {
            match convert(text.as_bytes(), format, &Options { place, ..Options::default() }).outcome {
                Ok(converted) => prop_assert!(converted.text.ends_with('\n')),
                Err(reasons) => prop_assert!(!reasons.is_empty()),
            }
        }
    }
}
