//! The options of the commands around the server: `serve`, `audit`, `backup`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use axum::http::uri::Authority;
use clap::{Subcommand, ValueEnum};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use jitgate_core::Timestamp;
use jitgate_core::ledger::Digest;

use super::parse_time;

/// Where the data is.
#[derive(Debug, clap::Args)]
pub struct Data {
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "jitgate-data")]
    pub data: PathBuf,
}

/// The options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The data folder, made if it is missing [default: jitgate-data; with --demo a temporary one]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// The address and port to listen on; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7080", value_parser = parse_listen)]
    pub listen: SocketAddr,

    /// The certificate and its chain, in PEM; with it, the server speaks TLS alone. Read anew when it changes, and on
    /// SIGHUP
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The certificate's key, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// Start with a made-up fleet, in a temporary folder unless --data names one
    #[arg(long)]
    pub demo: bool,

    /// The issuer whose JWTs are taken: their claim `iss`, to the letter
    #[arg(long, value_name = "URL", requires = "oidc_audience")]
    pub oidc_issuer: Option<String>,

    /// What their claim `aud` must hold; several may be named
    #[arg(long, value_name = "AUDIENCE", requires = "oidc_issuer")]
    pub oidc_audience: Vec<String>,

    /// The issuer's keys, a JSON Web Key Set: a file, or a URL with `https` [default: as the issuer's
    /// `/.well-known/openid-configuration` says]
    #[arg(long, value_name = "FILE|URL", requires = "oidc_issuer")]
    pub oidc_jwks: Option<String>,

    /// What they may be signed with; several may be named [default: RS256 and ES256]
    #[arg(long, value_name = "NAME", requires = "oidc_issuer")]
    pub oidc_algorithm: Vec<String>,

    /// A network or an address whose word on the caller's address counts: `X-Forwarded-For`, `Forwarded`; several may be
    /// named
    #[arg(long, value_name = "CIDR", value_parser = parse_proxy)]
    pub trusted_proxy: Vec<IpNet>,

    /// The address that clients know the server by [default: that of each call]
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    pub public_url: Option<String>,

    /// Requests a second for each caller; ten times as many at once
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub rate: u32,

    /// How to write the log, which goes to the standard error; `JITGATE_LOG` says what is in it
    #[arg(long, value_enum, default_value_t)]
    pub log: LogFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum LogFormat {
    /// A line each, for people
    #[default]
    Text,
    /// A JSON object each, for programs
    Json,
}

/// What to do with the ledger.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Say whether the chain of records is whole: nothing edited, removed or reordered; and print where it ends
    Verify {
        #[command(flatten)]
        data: Data,
        /// The digest that an earlier `verify` printed: also say whether the chain was cut off before it
        #[arg(long, value_name = "DIGEST", value_parser = parse_digest)]
        head: Option<Digest>,
    },
    /// Print every record, a line of JSON each
    Export(Data),
    /// Print the policies and their requests as they were at an instant
    State {
        #[command(flatten)]
        data: Data,
        /// The instant, as in `2026-01-15T12:00:00Z` [default: the clock's]
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        at: Option<Timestamp>,
    },
}

/// The options of `backup`.
#[derive(Debug, clap::Args)]
pub struct Backup {
    #[command(flatten)]
    pub data: Data,

    /// The file to write; it must not be there yet
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

fn parse_digest(text: &str) -> Result<Digest, &'static str> {
    Digest::parse(text).ok_or("it is 64 small hexadecimal digits, as `jitgate audit verify` prints them")
}

fn parse_listen(text: &str) -> Result<SocketAddr, &'static str> {
    let words = "write it as an IP address and a port, as in `127.0.0.1:7080` or `[::1]:7080`; `0.0.0.0:7080` is every address";
    text.parse().map_err(|_| words)
}

fn parse_proxy(text: &str) -> Result<IpNet, &'static str> {
    let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let net = text.parse().ok().or_else(one);
    net.map(canonical).ok_or("write it as a network or an address, as in `10.0.0.0/8` or `10.0.0.7`")
}

/// IPv4 in IPv6 clothes (`::ffff:10.0.0.7`) without these, as the addresses that are looked for in it.
fn canonical(net: IpNet) -> IpNet {
    let plain = |net: Ipv6Net| {
        let length = net.prefix_len().checked_sub(96)?;
        Ipv4Net::new(net.addr().to_ipv4_mapped()?, length).ok()
    };
    match net {
        IpNet::V6(mapped) => plain(mapped).map_or(net, IpNet::V4),
        IpNet::V4(_) => net,
    }
}

fn parse_url(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest
        .map(|rest| rest.trim_end_matches('/'))
        .and_then(|host| host.parse::<Authority>().ok())
        // Who signs in has a name, a server has none.
        .filter(|authority| !authority.as_str().contains('@') && !authority.host().is_empty());
    match host {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => Err("write it as `https://jit.example`, without a path"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_urls() {
        for good in ["https://jit.example", "http://10.0.0.7:8080/", "https://[::1]:8443"] {
            assert_eq!(parse_url(good).as_deref(), Ok(good.trim_end_matches('/')));
        }
        for bad in [
            "jit.example",
            "ftp://x",
            "https://",
            "https://a b",
            "https://a/b",
            "https://me@x",
            "https://a?b",
            "https://:8",
        ] {
            assert!(parse_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses_to_listen_on_and_proxies() {
        for good in ["127.0.0.1:7080", "0.0.0.0:0", "[::1]:443"] {
            assert_eq!(parse_listen(good).map(|address| address.to_string()), Ok(good.to_owned()));
        }
        for bad in ["7080", ":7080", "localhost:7080", "127.0.0.1", "::1:x"] {
            assert!(parse_listen(bad).is_err_and(|words| words.contains("`127.0.0.1:7080`")), "{bad}");
        }
        for (text, net) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.0.0.7", "10.0.0.7/32"),
            ("fd00::7", "fd00::7/128"),
            ("::ffff:127.0.0.1", "127.0.0.1/32"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("::ffff:0:0/95", "::ffff:0.0.0.0/95"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(parse_proxy(text).map(|own| own.to_string()), Ok(net.to_owned()));
        }
        for bad in ["10.0.0.0/33", "proxy", "10.0.0.7:80", ""] {
            assert!(parse_proxy(bad).is_err(), "{bad}");
        }
    }
}
