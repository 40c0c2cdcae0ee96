//! The options of `convert`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use jitgate_core::convert::{Endpoint, EndpointError, Format, Options, Place};
use jitgate_core::{CheckOptions, Kind, Timestamp};

use super::{clock, kind_parser, parse_time};

/// The options of `convert`.
#[derive(Debug, clap::Args)]
pub struct Convert {
    /// The language to write
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub to: Format,

    /// The document: policies or requests in any form that `check` reads; `-` is the standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// The policy's subscription, where the document does not say it; of several policies, only those in it
    #[arg(long, value_name = "ID")]
    pub subscription: Option<String>,

    /// The policy's resource group, likewise
    #[arg(long, value_name = "NAME")]
    pub resource_group: Option<String>,

    /// The policy's region, likewise
    #[arg(long, value_name = "REGION")]
    pub location: Option<String>,

    /// The policy's name, likewise
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Where calls go, as in `https://jit.example` [default: Azure's Resource Manager]
    #[arg(long, value_name = "URL", value_parser = endpoint)]
    pub endpoint: Option<String>,

    /// What the document is [default: told by its shape]
    #[arg(long, value_parser = kind_parser())]
    pub kind: Option<Kind>,

    /// The present, as in `2026-01-15T12:00:00Z` [default: the clock's]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<Timestamp>,
}

impl Convert {
    /// What the core is told beside the document.
    pub fn options(&self) -> Options<'_> {
        let place = Place {
            subscription: self.subscription.as_deref(),
            resource_group: self.resource_group.as_deref(),
            location: self.location.as_deref(),
            name: self.name.as_deref(),
        };
        let check = CheckOptions { kind: self.kind, now: self.now.or_else(clock) };
        Options { check, place, endpoint: self.endpoint.as_deref() }
    }
}

fn endpoint(address: &str) -> Result<String, EndpointError> {
    Endpoint::parse(address).map(|endpoint| endpoint.as_str().to_owned())
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::as_str))
        .map(|name| Format::from_name(&name).unwrap_or(Format::Json))
}
